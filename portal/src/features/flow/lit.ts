import type { Way } from './ways';

/** A way of data out of the company, to be lit in a drawing. */
export interface Lit {
  /** Ids of the steps on it, both ends included. */
  path: readonly string[];
  /** What travels, in a word: `pii`. */
  what: string;
  /** The one change that would end it: a step, or the wire from it to `before`. */
  cut: { step: string; before: string } | null;
}

/** What a step's output carries, for its arrows. */
export interface Carried {
  /** `confidential` or `restricted`. */
  level: string;
  /** In a word or two: `pii`, `pii +1`. */
  text: string;
}

/** Whether a cut is made on the wire between two steps that follow each other. */
const cutsWire = ({ cut }: Lit, source: string, target: string): boolean =>
  cut !== null && ((cut.step === source && cut.before === target) || (cut.step === target && cut.before === source));

/** What a step is on a lit way. */
export type Part = 'enters' | 'passes' | 'leaves';

export function partOf(lit: Lit | null, step: string): Part | undefined {
  if (!lit) return undefined;
  const at = lit.path.indexOf(step);
  if (at === -1) return undefined;
  if (at === lit.path.length - 1) return 'leaves';
  return at === 0 ? 'enters' : 'passes';
}

/** An arrow of a lit way; `back` when data goes against it, as from an agent to its tool. */
export interface LitWay {
  back: boolean;
  cut: boolean;
}

export interface LitWays {
  /** By the id of a way. */
  byWay: ReadonlyMap<string, LitWay>;
  /** Data that is taken beside the wires: no way leads from the one step to the other. */
  jumps: readonly Way[];
}

const NONE: LitWays = { byWay: new Map(), jumps: [] };

/** Return the arrows of a lit way: for each two steps in a row the wire between them, else one of its own. */
export function litWays(ways: readonly Way[], lit: Lit | null): LitWays {
  if (!lit) return NONE;
  const byWay = new Map<string, LitWay>();
  const jumps: Way[] = [];
  lit.path.slice(1).forEach((target, index) => {
    const source = lit.path[index]!;
    const cut = cutsWire(lit, source, target);
    const along = ways.find((way) => way.source === source && way.target === target);
    const against = ways.find((way) => way.source === target && way.target === source && way.kind.startsWith('ai_'));
    const way = along ?? against;
    if (way) byWay.set(way.id, { back: along === undefined, cut });
    else {
      const jump = { id: JSON.stringify([source, target, 'data']), source, target, kind: 'data', label: '' };
      jumps.push(jump);
      byWay.set(jump.id, { back: false, cut });
    }
  });
  return { byWay, jumps };
}

/** Whether the cut is to be marked on the step itself: it lies on no arrow of the way. */
export function cutsStep(lit: Lit | null, step: string): boolean {
  if (!lit?.cut || lit.cut.step !== step) return false;
  return !lit.path.some((each, index) => index > 0 && cutsWire(lit, lit.path[index - 1]!, each));
}
