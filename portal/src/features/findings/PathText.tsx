import { IconCut } from '@tabler/icons-react';
import { plain } from '@/features/flow/graph';
import { findings as words } from './words';
import type { OwnLeak } from './model';
import css from './finding.module.css';

interface Props {
  leak: OwnLeak;
  nameOf: (step: string) => string;
  onStep: (step: string) => void;
}

/** A leak's way as a list of its steps: what the drawing lights, in words. */
export function PathText({ leak, nameOf, onStep }: Props) {
  const last = leak.path.length - 1;
  return (
    <div>
      <p className={css.small}>{words.path}</p>
      <ol className={css.path}>
        {leak.path.map((step, index) => (
          // A way may pass a step twice.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} data-end={index === 0 || index === last || undefined}>
            <button type="button" className="lk" onClick={() => onStep(step)}>
              {nameOf(step)}
            </button>
            {index === 0 && last > 0 && (
              <span className="t3">
                {' '}
                {plain(leak.what) || leak.tag} {words.enters}
              </span>
            )}
            {index === last && (
              <span className="t3">
                {' '}
                {words.leaves}
                {leak.destination && `, ${plain(leak.destination)}`}
              </span>
            )}
          </li>
        ))}
      </ol>
      {leak.cut && (
        <p className={css.cut}>
          <span className="c-acc">
            <IconCut size={14} stroke={1.75} aria-hidden />
            <span className="sr">{words.cut}: </span>
          </span>
          <span>{plain(leak.cut.text)}</span>
        </p>
      )}
    </div>
  );
}
