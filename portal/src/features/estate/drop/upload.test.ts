import { describe, expect, it } from 'vitest';
import { base64, batched, digestOf, sorted } from './batches';
import { type Read, type Sender, Upload } from './upload';
import type { Given, Walked } from './walk';

const given = (path: string, text = path): Given => ({ path, file: new File([text], path.split('/').at(-1)!) });
const walked = (files: Given[]): Walked => ({ files, unread: [], skipped: [], cut: false });
const said = { tooLarge: 'too large', tooLargeFix: 'split', unread: (why: string) => why, unreadFix: 'again' };
const read = (path: string, part: Partial<Read> = {}): Read => ({
  path,
  definitions: 1,
  leaks: 0,
  other: false,
  error: null,
  ...part,
});

/** A server that remembers paths by digest, and refuses or fails as it is told. */
class Server implements Sender {
  held = new Map<string, string>();
  asked: string[] = [];
  fails = 0;
  refused = new Set<string>();
  finished = 0;
  async known(files: readonly { path: string; digest: string }[]) {
    this.asked.push(`known ${files.length}`);
    return files.filter((each) => this.held.get(each.path) !== each.digest).map((each) => each.path);
  }
  async files(files: readonly { path: string; content: string }[]) {
    this.asked.push(`files ${files.map((each) => each.path).join(' ')}`);
    if (this.fails > 0) {
      this.fails -= 1;
      throw new TypeError('network');
    }
    if (files.some((each) => this.refused.has(each.path)))
      throw { status: 413, code: 'body_too_large', detail: 'It is too large.', fix: 'Split it.', place: '' };
    for (const { path, content } of files) {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      // oxlint-disable-next-line no-await-in-loop
      this.held.set(path, (await digestOf(bytes))!);
    }
    return files.map((each) => read(each.path));
  }
  async archive(file: File) {
    this.asked.push(`archive ${file.name}`);
    return [read(`${file.name}/a.json`), read(`${file.name}/b.json`, { definitions: 0, error: trouble })];
  }
  async finish() {
    this.finished += 1;
    return 2;
  }
}
const trouble = { path: 'b.json', text: 'Not JSON.', fix: 'Export it again.', place: 'line 3' };
const start = (server: Server, files: Given[], whole = false) =>
  new Upload(walked(files), { sender: server, said, whole });

describe('an upload', () => {
  it('sends what the server does not have, and the same again is nothing new', async () => {
    const server = new Server();
    const files = [given('f/a.json'), given('f/b.json')];
    const first = start(server, files);
    await first.run();
    expect(first.read()).toMatchObject({ phase: 'done', total: 2, settled: 2, sent: 2, same: 0, definitions: 2 });
    const again = start(server, files);
    await again.run();
    expect(again.read()).toMatchObject({ phase: 'done', sent: 0, same: 2, settled: 2, definitions: 0 });
    expect(server.asked).toEqual(['known 2', 'files f/a.json f/b.json', 'known 2']);
    const changed = start(server, [given('f/a.json', 'changed'), files[1]!]);
    await changed.run();
    expect(changed.read()).toMatchObject({ sent: 1, same: 1 });
  });
  it('loses nothing when a batch fails: it waits to be tried again', async () => {
    const server = new Server();
    server.fails = 1;
    const upload = start(server, [given('a.json'), given('b.json')]);
    await upload.run();
    expect(upload.read()).toMatchObject({ phase: 'stopped', settled: 0, sent: 0 });
    expect(upload.read().error).toBeInstanceOf(TypeError);
    await upload.run();
    expect(upload.read()).toMatchObject({ phase: 'done', settled: 2, sent: 2, error: null });
    expect([...server.held.keys()]).toEqual(['a.json', 'b.json']);
  });
  it('finds the one file of a batch that is refused, and takes the others', async () => {
    const server = new Server();
    server.refused.add('c.json');
    const upload = start(
      server,
      ['a.json', 'b.json', 'c.json', 'd.json', 'e.json'].map((path) => given(path)),
    );
    await upload.run();
    expect(upload.read()).toMatchObject({ phase: 'done', sent: 4, settled: 5 });
    expect(upload.read().troubles).toEqual([{ path: 'c.json', text: 'It is too large.', fix: 'Split it.', place: '' }]);
  });
  it('sends what cannot be compared, so that the file at fault is found', async () => {
    const server = new Server();
    server.known = async () => {
      throw { status: 422, code: 'request_invalid', detail: 'No.', fix: '', place: '' };
    };
    server.refused.add('b.json');
    const upload = start(server, [given('a.json'), given('b.json')]);
    await upload.run();
    expect(upload.read()).toMatchObject({ phase: 'done', sent: 1, settled: 2 });
  });
  it('stops when it is cancelled and goes on from there', async () => {
    const server = new Server();
    const files = Array.from({ length: 130 }, (_, index) => given(`${String(index).padStart(3, '0')}.json`));
    const upload = start(server, files);
    const send = server.files.bind(server);
    server.files = async (some) => {
      const answer = await send(some);
      if (server.held.size === 60) upload.cancel();
      return answer;
    };
    await upload.run();
    expect(upload.read()).toMatchObject({ phase: 'cancelled', sent: 60 });
    await upload.run();
    expect(upload.read()).toMatchObject({ phase: 'done', sent: 130, settled: 130 });
    expect(server.held.size).toBe(130);
  });
  it('reads archives, and tells of each file in them that could not be read', async () => {
    const upload = start(new Server(), [given('all.zip')]);
    await upload.run();
    expect(upload.read()).toMatchObject({ phase: 'done', total: 1, sent: 1, definitions: 1, troubles: [trouble] });
  });
  it('says what is all there is only when it is', async () => {
    const server = new Server();
    await start(server, [given('f/a.json')]).run();
    expect(server.finished).toBe(0);
    const whole = start(server, [given('f/a.json'), given('f/x.zip')], true);
    await whole.run();
    expect(server.finished).toBe(1);
    expect(whole.read().gone).toBe(2);
    // What did not reach the server may still be there.
    server.refused.add('f/big.json');
    await start(server, [given('f/a.json'), given('f/big.json')], true).run();
    expect(server.finished).toBe(1);
  });
  it('never leaves a file out in silence', () => {
    const large = given('large.json');
    Object.defineProperty(large.file, 'size', { value: 99_000_000 });
    const upload = new Upload(
      { ...walked([large, given('a.png'), given('b.png'), given('README')]), unread: [{ path: 'x', error: 'locked' }] },
      { sender: new Server(), said, whole: false },
    );
    expect(upload.read().others).toEqual([
      { ending: '.png', count: 2 },
      { ending: '', count: 1 },
    ]);
    expect(upload.read().troubles.map((each) => each.path)).toEqual(['large.json', 'x']);
  });
});

describe('batches', () => {
  it('are neither too many files nor too large, in order', () => {
    const files = ['a', 'bb', 'cccc', 'd'].map((text) => given(`${text}.json`, text));
    expect(batched(files, 2, 100).map((batch) => batch.length)).toEqual([2, 2]);
    expect(batched(files, 9, 4).map((batch) => batch.map((each) => each.path))).toEqual([
      ['a.json', 'bb.json'],
      ['cccc.json'],
      ['d.json'],
    ]);
    expect(batched([])).toEqual([]);
  });
  it('tell kinds apart by the end of the name', () => {
    const found = sorted(['a.JSON', 'b.yml', 'c.py', 'd.zip', 'e.txt'].map((path) => given(path)));
    expect(found.files.map((each) => each.path)).toEqual(['a.JSON', 'b.yml', 'c.py']);
    expect(found.archives.map((each) => each.path)).toEqual(['d.zip']);
    expect(found.others).toEqual([{ ending: '.txt', count: 1 }]);
  });
  it('write bytes as base64 and know their digest', async () => {
    const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(await digestOf(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
