import { problemOf } from '@/kit/problem';
import type { Place, Places } from './places';

/** Where the steps of one version are drawn, with the tag that a change must name. */
export interface Layout {
  positions: Places;
  /** As an `ETag`; empty when the server told none. */
  tag: string;
  movedBy: string;
}

/** What somebody else stored meanwhile, as the refusal tells; null when it was refused for another reason. */
function theirs(error: unknown): Layout | null {
  const problem = problemOf(error);
  const current = problem.details['current'];
  if (problem.status !== 412 || typeof current !== 'object' || current === null) return null;
  const { positions, movedBy, tag } = current as {
    positions: Record<string, Place>;
    movedBy: string | null;
    tag: string;
  };
  return { positions, movedBy: movedBy ?? '', tag: `"${tag}"` };
}

/** Moves that follow each other quickly are one, for the server and for undo. */
const SETTLED_MS = 600;

/** How a change reaches the server; both name the tag that they change. */
export interface Storage {
  move: (positions: Places, tag: string) => Promise<Layout>;
  tidy: (tag: string) => Promise<Layout>;
}

/** What a person is told. */
export interface Teller {
  moved: (ids: readonly string[], undo: () => void) => void;
  tidied: (undo: () => void) => void;
  back: () => void;
  theirs: (by: string) => void;
  refused: (error: unknown) => void;
  /** What is stored now. */
  stored: (layout: Layout) => void;
}

export interface Shown {
  layout: Layout;
  canUndo: boolean;
}

/**
 * Where steps are drawn while somebody moves them: at once in view, stored a moment later with the tag that was read,
 * undone in one go. When somebody else was first, theirs stands.
 */
export class Mover {
  private shown: Shown;
  private before: Record<string, Place> = {};
  private history: Places[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    layout: Layout,
    private readonly storage: Storage,
    private readonly tell: Teller,
  ) {
    this.shown = { layout, canUndo: false };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Shown => this.shown;

  /** Move steps; the others stay. */
  readonly move = (positions: Places): void => {
    this.place(positions);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.store(), SETTLED_MS);
  };

  /** Store now what was not stored yet. */
  readonly store = async (undoing = false): Promise<void> => {
    clearTimeout(this.timer);
    const ids = Object.keys(this.before);
    if (this.writing || ids.length === 0) return;
    const before = this.before;
    this.before = {};
    const { positions, tag } = this.shown.layout;
    const wanted = Object.fromEntries(ids.flatMap((id) => (positions[id] ? [[id, positions[id]]] : [])));
    await this.write(before, async () => {
      this.took(await this.storage.move(wanted, tag));
      if (!undoing) {
        this.remember(before);
        this.tell.moved(ids, () => this.undoOf(before));
      }
    });
    // What was moved meanwhile.
    if (Object.keys(this.before).length > 0) await this.store();
  };

  /** Put every step where it is computed to be. */
  readonly tidy = async (): Promise<void> => {
    await this.store();
    if (this.writing) return;
    const { positions, tag } = this.shown.layout;
    await this.write({}, async () => {
      this.took(await this.storage.tidy(tag));
      this.remember(positions);
      this.tell.tidied(() => this.undoOf(positions));
    });
  };

  /** Take the last move back, whether it is stored already or not. */
  readonly undo = (): void => {
    if (Object.keys(this.before).length > 0) {
      clearTimeout(this.timer);
      this.put(this.before);
      this.before = {};
      this.show({});
      return;
    }
    const last = this.history.at(-1);
    if (last) this.undoOf(last);
  };

  /** Show what somebody else stored. */
  readonly take = (layout: Layout): void => {
    clearTimeout(this.timer);
    this.before = {};
    this.history = [];
    this.show({ layout });
  };

  private undoOf(before: Places): void {
    if (!this.history.includes(before)) return;
    this.history = this.history.filter((each) => each !== before);
    this.place(before);
    this.tell.back();
    void this.store(true);
  }

  private async write(before: Places, change: () => Promise<void>): Promise<void> {
    this.writing = true;
    try {
      await change();
    } catch (error) {
      const current = theirs(error);
      if (current) {
        this.take(current);
        this.tell.stored(current);
        this.tell.theirs(current.movedBy);
      } else {
        this.put(before);
        this.tell.refused(error);
      }
    } finally {
      this.writing = false;
    }
  }

  /** Take what the server holds now; what was moved meanwhile stays where it is. */
  private took(layout: Layout): void {
    this.tell.stored(layout);
    const now = this.shown.layout.positions;
    const later = Object.keys(this.before).flatMap((id) => (now[id] ? [[id, now[id]] as const] : []));
    this.show({ layout: { ...layout, positions: { ...layout.positions, ...Object.fromEntries(later) } } });
  }

  private place(positions: Places): void {
    const now = this.shown.layout.positions;
    for (const id of Object.keys(positions)) if (now[id]) this.before[id] ??= now[id];
    this.put(positions);
  }

  private put(positions: Places): void {
    const { layout } = this.shown;
    this.show({ layout: { ...layout, positions: { ...layout.positions, ...positions } } });
  }

  private remember(before: Places): void {
    this.history = [...this.history, before];
    this.show({});
  }

  private show(next: { layout?: Layout }): void {
    const canUndo = this.history.length > 0 || Object.keys(this.before).length > 0;
    this.shown = { layout: next.layout ?? this.shown.layout, canUndo };
    for (const listener of this.listeners) listener();
  }
}
