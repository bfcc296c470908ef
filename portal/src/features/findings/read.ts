import type { FoundView } from '@/api';
import { plain } from '@/features/flow/graph';
import { titled } from '@/features/flow/system';
import type { FoundFinding, OwnLeak } from './model';
import { findings as words } from './words';

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
  const spaced = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
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
  destination ? words.showLeak(capital(what || tag), destination) : capital(what || tag);

const evidenceFits = (leak: OwnLeak, evidence: FoundView['evidence']): boolean =>
  [evidence['tag'], evidence['label'], evidence['what']].some(
    (each) => typeof each === 'string' && (each === leak.tag || each === leak.what),
  );

/** What names a leak within its definition: both ends, and what travels. */
export const leakKey = (source: string, sink: string, tag: string): string => JSON.stringify([source, sink, tag]);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The leak that a finding tells of, from its evidence; null for any other finding. */
function leakOf({ rule, evidence, why, fix }: FoundView): OwnLeak | null {
  const path = Array.isArray(evidence['path']) ? evidence['path'].filter((step) => typeof step === 'string') : [];
  if (rule !== 'leak' || path.length === 0) return null;
  const held = evidence['cut'];
  const cut = typeof held === 'object' && held !== null ? (held as Record<string, unknown>) : null;
  const tag = plain(evidence['tag'], 20);
  return {
    key: leakKey(text(evidence['from']), text(evidence['to']), tag),
    tag,
    what: plain(evidence['what'], 120),
    dataClass: plain(evidence['data_class'], 40),
    destination: destinationOf(text(evidence['destination'])),
    why: plain(why),
    implicit: evidence['implicit'] === true,
    path,
    cut: cut && { step: text(cut['step']), before: text(cut['before']), text: plain(fix?.text) },
  };
}

/** A destination as people write it: a system's name is one word of small letters, an address has dots. */
export const destinationOf = (destination: string): string =>
  plain(/^[a-z0-9-]+$/.test(destination) ? titled(destination) : destination, 120);

/** Findings as they are shown, and the leaks that they tell of; those of the definition where it names them. */
export function readFindings(
  views: readonly FoundView[],
  known?: readonly OwnLeak[],
): { findings: readonly FoundFinding[]; leaks: readonly OwnLeak[] } {
  const leaks = known ?? views.flatMap((view) => leakOf(view) ?? []);
  return { findings: views.map((view) => findingOf(view, leaks)), leaks };
}
