import type { DefinitionDetailView, FoundView } from '@/api';
import { type FlowGraph, plain, readGraph } from '@/features/flow/graph';
import type { Carried } from '@/features/flow/lit';
import { definition } from '../definitionWords';
import { ownLeakOf } from '../leakRow';
import type { FoundFinding, OwnLeak } from '../model';
import { carriedOf } from './lighting';

/** Evidence that is shown elsewhere: as the way, or as the step. */
const SHOWN: ReadonlySet<string> = new Set(['path', 'cut', 'from', 'to', 'members', 'app']);
const SHOWN_BY_LEAK: ReadonlySet<string> = new Set(['tag', 'what', 'destination', 'implicit']);
const LONGEST = 200;

const said = (value: unknown): string => {
  // `third_party` is a word of ours, and read as words.
  if (typeof value === 'string') return /^[a-z]+(_[a-z]+)+$/.test(value) ? value.replaceAll('_', ' ') : value;
  if (typeof value === 'number') return String(value);
  if (value === true) return 'yes';
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

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function findingOf(view: FoundView, leaks: readonly OwnLeak[]): FoundFinding {
  const { evidence } = view;
  const [from, to] = [evidence['from'], evidence['to']];
  const leak =
    view.rule === 'leak'
      ? (leaks.find((each) => each.path[0] === from && each.path.at(-1) === to && evidenceFits(each, evidence)) ??
        leaks.find((each) => each.path[0] === from && each.path.at(-1) === to))
      : undefined;
  return {
    key: view.key,
    rule: view.rule,
    severity: view.severity,
    // A flow may leak in many ways: what leaves where to tells them apart.
    title: leak ? titleOf(leak) : view.title,
    text: view.text,
    step: view.step,
    pointer: view.pointer,
    line: view.line,
    why: capital(view.why),
    evidence: Object.entries(evidence)
      .filter(([name]) => !SHOWN.has(name) && !(leak && SHOWN_BY_LEAK.has(name)))
      .map(([name, value]) => [called(plain(name, 60)), plain(said(value), LONGEST)] as const)
      .filter(([, value]) => value !== ''),
    refs: view.refs,
    // A page of the documentation is an address of this portal, or none.
    help: view.help.startsWith('/') && !view.help.startsWith('//') ? view.help : '',
    fix: view.fix,
    leak: leak?.key ?? '',
  };
}

const titleOf = ({ what, tag, destination }: OwnLeak): string =>
  destination ? definition.showLeak(capital(what || tag), destination) : capital(what || tag);

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
