import { problemOf } from '@/kit/problem';
import { base64, batched, digestOf, DIGESTS_AT_ONCE, sorted, type Sorted } from './batches';
import type { Given, Walked } from './walk';

/** What was read from one file. */
export interface Read {
  path: string;
  definitions: number;
  leaks: number;
  /** It holds no flow, which is nobody's fault. */
  other: boolean;
  error: Trouble | null;
}

/** Why a file could not be read, and what to do. */
export interface Trouble {
  path: string;
  text: string;
  fix: string;
  place: string;
}

/** How files reach the server. */
export interface Sender {
  /** Return the paths whose content the server does not have. */
  known: (files: readonly { path: string; digest: string }[], signal: AbortSignal) => Promise<readonly string[]>;
  files: (files: readonly { path: string; content: string }[], signal: AbortSignal) => Promise<readonly Read[]>;
  archive: (file: File, signal: AbortSignal) => Promise<readonly Read[]>;
  /** Say that what was compared and sent is all there is: what is gone is marked so. Returns how much is. */
  finish: (signal: AbortSignal) => Promise<number>;
}

export type Phase = 'comparing' | 'sending' | 'stopped' | 'cancelled' | 'done';

export interface Progress {
  phase: Phase;
  /** Files and archives that are to be read. */
  total: number;
  /** Compared or sent: what needs no more work. */
  settled: number;
  /** Files that the server had already, with the same content. */
  same: number;
  sent: number;
  definitions: number;
  leaks: number;
  gone: number;
  /** Files without a flow. */
  blank: number;
  troubles: readonly Trouble[];
  /** Why it stopped; what was not sent yet waits. */
  error: unknown;
  others: Sorted['others'];
  skipped: readonly string[];
  /** There were more files than are taken at once. */
  cut: boolean;
}

export interface Said {
  tooLarge: string;
  tooLargeFix: string;
  unread: (why: string) => string;
  unreadFix: string;
}

interface Options {
  sender: Sender;
  said: Said;
  /** Whether these files are everything there is of their origin. */
  whole: boolean;
  /** After each batch: the inventory has grown. */
  onGrown?: () => void;
}

/** Whether the server refused what was sent, rather than that it could not be asked. */
const refuses = (status: number): boolean => status === 413 || status === 422 || status === 400;

/**
 * Files on their way to the inventory: first their digests, then what the server does not have, in batches, one after
 * the other. A batch that fails waits to be tried again; one that is refused is halved until the file is found.
 */
export class Upload {
  private shown: Progress;
  private control = new AbortController();
  private readonly listeners = new Set<() => void>();
  private compare: Given[];
  private queue: Given[][] = [];
  private archives: Given[];
  /** Whether something that is there did not reach the server. */
  private missed: boolean;

  constructor(
    given: Walked,
    private readonly options: Options,
  ) {
    const { files, archives, large, others } = sorted(given.files);
    this.compare = [...files];
    this.archives = [...archives];
    this.missed = large.length > 0 || given.unread.length > 0;
    const { said } = options;
    this.shown = {
      phase: 'comparing',
      total: files.length + archives.length,
      settled: 0,
      same: 0,
      sent: 0,
      definitions: 0,
      leaks: 0,
      gone: 0,
      blank: 0,
      troubles: [
        ...large.map(({ path }) => ({ path, text: said.tooLarge, fix: said.tooLargeFix, place: '' })),
        ...given.unread.map(({ path, error }) => ({ path, text: said.unread(error), fix: said.unreadFix, place: '' })),
      ],
      error: null,
      others,
      skipped: given.skipped,
      cut: given.cut,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): Progress => this.shown;

  /** Begin, or go on with what waits. */
  readonly run = async (): Promise<void> => {
    this.control = new AbortController();
    const { signal } = this.control;
    this.show({ phase: this.compare.length > 0 ? 'comparing' : 'sending', error: null });
    try {
      while (this.compare.length > 0 || this.queue.length > 0) {
        // One after the other on purpose: the server reads one batch at a time.
        // oxlint-disable-next-line no-await-in-loop
        await (this.queue.length > 0 ? this.send(signal) : this.compareSome(signal));
      }
      while (this.archives.length > 0) {
        this.show({ phase: 'sending' });
        // oxlint-disable-next-line no-await-in-loop
        await this.sendArchive(signal);
      }
      await this.finish(signal);
      this.show({ phase: 'done' });
    } catch (error) {
      this.show(signal.aborted ? { phase: 'cancelled' } : { phase: 'stopped', error });
    }
  };

  /** Stop after what is on its way; `run` goes on from there. */
  readonly cancel = (): void => {
    this.control.abort();
    this.show({ phase: 'cancelled' });
  };

  private async compareSome(signal: AbortSignal): Promise<void> {
    this.show({ phase: 'comparing' });
    const some = this.compare.slice(0, DIGESTS_AT_ONCE);
    const digests: { path: string; digest: string }[] = [];
    const unread: Trouble[] = [];
    for (const { path, file } of some) {
      signal.throwIfAborted();
      try {
        // oxlint-disable-next-line no-await-in-loop
        const digest = await digestOf(new Uint8Array(await file.arrayBuffer()));
        if (digest !== null) digests.push({ path, digest });
      } catch (error) {
        unread.push(this.unread(path, error));
      }
    }
    const away = new Set(unread.map((each) => each.path));
    const readable = some.filter((each) => !away.has(each.path));
    const all = readable.map((each) => each.path);
    const needed = digests.length === 0 ? all : await this.known(digests, all, signal);
    const wanted = new Set(needed);
    const files = readable.filter((each) => wanted.has(each.path));
    this.compare = this.compare.slice(some.length);
    this.queue.push(...batched(files));
    this.show({
      same: this.shown.same + readable.length - files.length,
      settled: this.shown.settled + some.length - files.length,
      troubles: [...this.shown.troubles, ...unread],
    });
  }

  /** What the server needs; a path that it refuses is found when it is sent. */
  private async known(
    digests: readonly { path: string; digest: string }[],
    all: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    try {
      return await this.options.sender.known(digests, signal);
    } catch (error) {
      if (signal.aborted || !refuses(problemOf(error).status)) throw error;
      return all;
    }
  }

  private async send(signal: AbortSignal): Promise<void> {
    const batch = this.queue[0]!;
    this.show({ phase: 'sending' });
    const contents: { path: string; content: string }[] = [];
    const unread: Trouble[] = [];
    for (const { path, file } of batch) {
      signal.throwIfAborted();
      try {
        // oxlint-disable-next-line no-await-in-loop
        contents.push({ path, content: base64(new Uint8Array(await file.arrayBuffer())) });
      } catch (error) {
        unread.push(this.unread(path, error));
      }
    }
    try {
      const read = contents.length === 0 ? [] : await this.options.sender.files(contents, signal);
      this.queue.shift();
      this.took(read, batch.length, unread);
    } catch (error) {
      const problem = problemOf(error);
      if (signal.aborted || !refuses(problem.status)) throw error;
      this.queue.shift();
      if (batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        this.queue.unshift(batch.slice(0, half), batch.slice(half));
      } else {
        const { path } = batch[0]!;
        this.missed = true;
        this.took([], 1, [{ path, text: problem.detail, fix: problem.fix, place: problem.place }]);
      }
    }
  }

  private async sendArchive(signal: AbortSignal): Promise<void> {
    const { path, file } = this.archives[0]!;
    try {
      const read = await this.options.sender.archive(file, signal);
      this.archives.shift();
      this.took(read, 1, []);
    } catch (error) {
      const problem = problemOf(error);
      if (signal.aborted || !refuses(problem.status)) throw error;
      this.archives.shift();
      this.took([], 1, [{ path, text: problem.detail, fix: problem.fix, place: problem.place }]);
    }
  }

  private async finish(signal: AbortSignal): Promise<void> {
    // What the browser could not read may still be there.
    if (!this.options.whole || this.missed || this.shown.cut || this.shown.total === 0) return;
    this.show({ gone: await this.options.sender.finish(signal) });
  }

  private unread(path: string, error: unknown): Trouble {
    this.missed = true;
    const { said } = this.options;
    return { path, text: said.unread(error instanceof Error ? error.message : ''), fix: said.unreadFix, place: '' };
  }

  private took(read: readonly Read[], files: number, troubles: readonly Trouble[]): void {
    this.show({
      settled: this.shown.settled + files,
      sent: this.shown.sent + files - troubles.length,
      definitions: this.shown.definitions + read.reduce((sum, each) => sum + each.definitions, 0),
      leaks: this.shown.leaks + read.reduce((sum, each) => sum + each.leaks, 0),
      blank: this.shown.blank + read.filter((each) => each.other).length,
      troubles: [
        ...this.shown.troubles,
        ...troubles,
        ...read.flatMap(({ error, other }) => (error && !other ? [error] : [])),
      ],
    });
    this.options.onGrown?.();
  }

  private show(next: Partial<Progress>): void {
    this.shown = { ...this.shown, ...next };
    for (const listener of this.listeners) listener();
  }
}
