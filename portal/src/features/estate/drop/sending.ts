import { askKnown, finishPass, sendArchive, sendFiles, type TakenView } from '@/api';
import { dropping as words } from '../words';
import { type Read, type Sender, Upload } from './upload';
import { folderOf, type Walked } from './walk';

const readOf = ({ path, state, definitions, error }: TakenView): Read => ({
  path,
  definitions: definitions.length,
  leaks: definitions.reduce((sum, each) => sum + each.leaks, 0),
  other: state === 'other',
  error: error && { path, text: error.text, fix: error.fix, place: error.place === path ? '' : error.place },
});

interface Where {
  origin: string;
  team: string;
  kind: 'upload' | 'folder';
}

/** The API's part of an upload. */
export const senderTo = ({ origin, team, kind }: Where): Sender => ({
  known: async (files, signal) => {
    const body = { origin, team, files: files.map(({ path, digest }) => ({ path, digest: `sha256:${digest}` })) };
    return (await askKnown({ body, signal, throwOnError: true })).data.needed;
  },
  files: async (files, signal) =>
    (await sendFiles({ body: { origin, team, kind, files: [...files] }, signal, throwOnError: true })).data.items.map(
      readOf,
    ),
  archive: async (file, signal) =>
    (
      await sendArchive({
        query: { origin, team },
        body: file,
        headers: { 'content-type': 'application/zip' },
        bodySerializer: null,
        signal,
        throwOnError: true,
      })
    ).data.items.map(readOf),
  finish: async (signal) =>
    (await finishPass({ body: { origin, team, complete: true }, signal, throwOnError: true })).data.gone.length,
});

/**
 * An upload of what was given. One whole folder is an origin of its own, by its name and with the paths below it, as
 * `handrail adopt FOLDER` makes it: the same folder again is compared, and what is gone is noticed.
 */
export function uploadOf(walked: Walked, choice: { team: string; origin: string }, onGrown: () => void): Upload {
  const folder = folderOf(walked.files);
  const named = choice.origin.trim();
  const whole = folder !== '' && (named === '' || named === folder);
  const below = (path: string) => (whole ? path.slice(folder.length + 1) : path);
  const where: Where = {
    origin: named || folder || words.originFallback,
    team: choice.team,
    kind: whole ? 'folder' : 'upload',
  };
  const files = walked.files.map(({ path, file }) => ({ path: below(path), file }));
  return new Upload({ ...walked, files }, { sender: senderTo(where), said: words, whole, onGrown });
}
