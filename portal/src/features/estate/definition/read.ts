import type { DefinitionDetailView, FoundView } from '@/api';
import { type FlowGraph, plain, readGraph } from '@/features/flow/graph';
import type { Carried } from '@/features/flow/lit';
import { ownLeakOf } from '../leakRow';
import type { FoundFinding, OwnLeak } from '../model';
import { carriedOf } from './lighting';

/** Evidence that is shown elsewhere: as the way, or as the step. */
const SHOWN: ReadonlySet<string> = new Set(['path', 'cut', 'from', 'to', 'members', 'app']);
const LONGEST = 200;

const said = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? value.map(said).filter(Boolean).join(', ') : '';
};

/** `sink_class` is read `Sink class`. */
const called = (name: string): string => {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

function findingOf(view: FoundView, leaks: readonly OwnLeak[]): FoundFinding {
  const { evidence } = view;
  const [from, to] = [said(evidence['from']), said(evidence['to'])];
  const leak =
    view.rule === 'leak'
      ? (leaks.find((each) => each.path[0] === from && each.path.at(-1) === to && evidenceFits(each, evidence)) ??
        leaks.find((each) => each.path[0] === from && each.path.at(-1) === to))
      : undefined;
  return {
    key: view.key,
    rule: view.rule,
    severity: view.severity,
    title: view.title,
    text: view.text,
    step: view.step,
    pointer: view.pointer,
    line: view.line,
    why: view.why,
    evidence: Object.entries(evidence)
      .filter(([name]) => !SHOWN.has(name))
      .map(([name, value]) => [called(plain(name, 60)), plain(said(value), LONGEST)] as const)
      .filter(([, value]) => value !== ''),
    refs: view.refs,
    // A page of the documentation is an address of this portal, or none.
    help: view.help.startsWith('/') && !view.help.startsWith('//') ? view.help : '',
    fix: view.fix,
    leak: leak?.key ?? '',
  };
}

const evidenceFits = (leak: OwnLeak, evidence: FoundView['evidence']): boolean =>
  [evidence['tag'], evidence['label'], evidence['what']].some(
    (each) => typeof each === 'string' && (each === leak.tag || each === leak.what),
  );

export interface Opened {
  graph: FlowGraph;
  findings: readonly FoundFinding[];
  leaks: readonly OwnLeak[];
  carried: ReadonlyMap<string, Carried>;
}

/** A definition as its page shows it. */
export function opened(view: DefinitionDetailView): Opened {
  const leaks = view.leakPaths.map(ownLeakOf);
  const labels = Object.fromEntries(
    Object.entries(view.labels).map(([step, held]) => [
      step,
      held.map((label) => {
        const [dataClass = '', ...tag] = label.split(' ');
        return { dataClass, tag: tag.join(' ') };
      }),
    ]),
  );
  return {
    graph: readGraph(view.graph),
    findings: view.findings.map((each) => findingOf(each, leaks)),
    leaks,
    carried: carriedOf(labels),
  };
}
