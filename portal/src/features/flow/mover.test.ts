import { describe, expect, it } from 'vitest';
import { type Layout, Mover } from './mover';
import type { Places } from './places';

/** A server that keeps one drawing, as ours does. */
class Server {
  layout: Layout = { positions: { a: { x: 0, y: 0 }, b: { x: 210, y: 0 } }, tag: '"0"', movedBy: '' };
  private version = 0;
  broken = false;

  put(positions: Places, by: string): Layout {
    this.version += 1;
    this.layout = {
      positions: { ...this.layout.positions, ...positions },
      tag: `"${this.version}"`,
      movedBy: by,
    };
    return this.layout;
  }

  async change(positions: Places, tag: string): Promise<Layout> {
    await Promise.resolve();
    if (this.broken) throw new TypeError('Failed to fetch');
    if (tag !== this.layout.tag) {
      const current = { ...this.layout, tag: this.layout.tag.slice(1, -1) };
      throw { status: 412, code: 'layout_changed', detail: 'Somebody moved steps.', details: { current } };
    }
    return this.put(positions, 'mara');
  }
}

function setUp() {
  const server = new Server();
  const said: string[] = [];
  const undos: (() => void)[] = [];
  const mover = new Mover(
    server.layout,
    {
      move: (positions, tag) => server.change(positions, tag),
      tidy: (tag) => server.change({ a: { x: 0, y: 0 }, b: { x: 210, y: 0 } }, tag),
    },
    {
      moved: (ids, undo) => (said.push(`moved ${ids.join(' ')}`), undos.push(undo)),
      tidied: (undo) => (said.push('tidied'), undos.push(undo)),
      back: () => said.push('back'),
      theirs: (by) => said.push(`theirs ${by}`),
      refused: () => said.push('refused'),
      stored: () => undefined,
    },
  );
  const shown = () => mover.read().layout.positions;
  return { server, mover, said, undos, shown };
}

describe('a move', () => {
  it('is seen at once, stored as one with what follows quickly, and undone', async () => {
    const { server, mover, said, shown } = setUp();
    mover.move({ a: { x: 10, y: 0 } });
    mover.move({ a: { x: 20, y: 0 } });
    expect(shown()['a']).toEqual({ x: 20, y: 0 });
    expect(server.layout.tag).toBe('"0"');
    await mover.store();
    expect(server.layout).toMatchObject({ tag: '"1"', positions: { a: { x: 20, y: 0 } } });
    expect(mover.read().canUndo).toBe(true);
    mover.undo();
    await mover.store();
    await new Promise((done) => setTimeout(done));
    expect(server.layout.positions['a']).toEqual({ x: 0, y: 0 });
    expect(said).toEqual(['moved a', 'back']);
    expect(mover.read().canUndo).toBe(false);
  });

  it('is undone before it was stored without asking the server', async () => {
    const { server, mover, shown } = setUp();
    mover.move({ a: { x: 10, y: 0 } });
    mover.undo();
    await mover.store();
    expect(shown()['a']).toEqual({ x: 0, y: 0 });
    expect(server.layout.tag).toBe('"0"');
  });

  it('gives way when somebody else was first', async () => {
    const { server, mover, said, shown } = setUp();
    server.put({ b: { x: 300, y: 50 } }, 'priya');
    mover.move({ a: { x: 10, y: 0 } });
    await mover.store();
    expect(shown()).toEqual({ a: { x: 0, y: 0 }, b: { x: 300, y: 50 } });
    expect(said).toEqual(['theirs priya']);
    mover.move({ a: { x: 10, y: 0 } });
    await mover.store();
    expect(server.layout.positions['a']).toEqual({ x: 10, y: 0 });
  });

  it('goes back when it cannot be stored', async () => {
    const { server, mover, said, shown } = setUp();
    server.broken = true;
    mover.move({ a: { x: 10, y: 0 } });
    await mover.store();
    expect(shown()['a']).toEqual({ x: 0, y: 0 });
    expect(said).toEqual(['refused']);
  });

  it('made while another is on its way is stored after it', async () => {
    const { server, mover } = setUp();
    mover.move({ a: { x: 10, y: 0 } });
    const first = mover.store();
    mover.move({ b: { x: 220, y: 0 } });
    await first;
    expect(server.layout.positions).toEqual({ a: { x: 10, y: 0 }, b: { x: 220, y: 0 } });
  });
});

describe('tidying up', () => {
  it('is undone as a whole by its own message', async () => {
    const { server, mover, undos } = setUp();
    mover.move({ a: { x: 10, y: 0 }, b: { x: 500, y: 0 } });
    await mover.tidy();
    expect(server.layout.positions['b']).toEqual({ x: 210, y: 0 });
    undos.at(-1)?.();
    await new Promise((done) => setTimeout(done));
    expect(server.layout.positions).toEqual({ a: { x: 10, y: 0 }, b: { x: 500, y: 0 } });
  });
});
