import { Button, CloseButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, useSyncExternalStore } from 'react';
import { number } from '@/kit/format';
import { Glyph } from '@/kit/marks/Glyph';
import { ProblemNote } from '@/kit/states/States';
import { plain } from '@/features/flow/graph';
import { dropping as words } from '../words';
import css from './drop.module.css';
import { setCurrent } from './current';
import type { Progress, Trouble, Upload } from './upload';
import { FILES_MAX } from './walk';

const FEW = 5;
const MANY = 500;
const FOLDERS = 3;

function Troubles({ troubles }: { troubles: readonly Trouble[] }) {
  const [all, setAll] = useState(false);
  if (troubles.length === 0) return null;
  const shown = troubles.slice(0, all ? MANY : FEW);
  return (
    <div className={css.troubles}>
      <p className="nm">{words.trouble(troubles.length)}</p>
      <ul>
        {shown.map((trouble, index) => (
          // A file may have several flows that cannot be read.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={`${trouble.path}${index}`}>
            <code>{plain(trouble.path)}</code>
            <span>
              {plain(trouble.text)} {plain(trouble.fix)}
              {trouble.place && (
                <span className="t3">
                  {' '}
                  {words.at} <code>{plain(trouble.place)}</code>
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {troubles.length > FEW && (
        <button type="button" className="lk sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? words.troubleLess : words.troubleMore(troubles.length)}
        </button>
      )}
    </div>
  );
}

/** What was left out on purpose: said, never silent. */
function LeftOut({ progress }: { progress: Progress }) {
  const { others, skipped, cut } = progress;
  const count = others.reduce((sum, each) => sum + each.count, 0);
  const folders = skipped.slice(0, FOLDERS).map((folder) => plain(folder, 80));
  if (skipped.length > FOLDERS) folders.push(words.skippedMore(skipped.length - FOLDERS));
  return (
    <>
      {count > 0 && (
        <p className="xs t2">
          {words.others(
            others.slice(0, 4).map((each) => plain(each.ending, 20) || words.noEnding),
            count,
          )}
        </p>
      )}
      {skipped.length > 0 && <p className="xs t2">{words.skipped(folders)}</p>}
      {cut && <p className="xs c-warn">{words.cut(FILES_MAX)}</p>}
    </>
  );
}

interface Props {
  upload: Upload;
  onMore: () => void;
}

/** Files on their way: how far, what was found, what could not be read, and how to go on. */
export function UploadCard({ upload, onMore }: Props) {
  const progress = useSyncExternalStore(upload.subscribe, upload.read);
  const { phase, settled, total } = progress;
  const busy = phase === 'comparing' || phase === 'sending';
  const ended = phase === 'done';
  return (
    <section className={css.upload} aria-label={words.upload} data-phase={phase}>
      <div className={css.head}>
        {ended && (
          <span className={progress.troubles.length > 0 ? 'c-warn' : 'c-ok'}>
            <Glyph name={progress.troubles.length > 0 ? 'warning' : 'ok'} size={16} />
          </span>
        )}
        <p className="nm">{words.phase[phase]}</p>
        {total > 0 && <span className="xs t3 num">{words.progress(settled, total)}</span>}
        <div className={css.acts}>
          {busy && (
            <Button size="xs" onClick={upload.cancel}>
              {words.cancel}
            </Button>
          )}
          {(phase === 'stopped' || phase === 'cancelled') && (
            <Button size="xs" variant="filled" onClick={() => void upload.run()}>
              {phase === 'stopped' ? words.again : words.goOn}
            </Button>
          )}
          {!busy && (
            <Button size="xs" onClick={onMore}>
              {words.more}
            </Button>
          )}
          {ended && <CloseButton size="sm" aria-label={words.hide} onClick={() => setCurrent(null)} />}
        </div>
      </div>
      {!ended && <progress className={css.progress} max={Math.max(1, total)} value={settled} aria-label={words.bar} />}
      <p className="sm t2" role="status">
        {ended ? words.outcome(progress) : <span className="num">{words.so(number(progress.definitions))}</span>}{' '}
        {ended && progress.definitions > 0 && (
          <Link to="/estate/definitions" className="lk">
            {words.see}
          </Link>
        )}
      </p>
      {phase === 'stopped' && <ProblemNote error={progress.error} />}
      <Troubles troubles={progress.troubles} />
      <LeftOut progress={progress} />
    </section>
  );
}
