import { Age } from '@/kit/Age';
import { Hold } from './Marks';
import { Runs, type RunsKind } from './Runs';
import css from './marks.module.css';

interface Known {
  runs: RunsKind;
  /** When what runs was last confirmed. */
  seenAt: string | null;
  quarantined: boolean;
}

/** What runs and how we know; a hold in its place. `age` adds a second line that says how old that is. */
export function WhatRuns({ app, age = false }: { app: Known; age?: boolean }) {
  if (app.quarantined) return <Hold />;
  return (
    <>
      <Runs kind={app.runs} />
      {age && app.seenAt && app.runs !== 'none' && (
        <span className={`xs t3 ${css.runsAge}`}>
          <Age at={app.seenAt} />
        </span>
      )}
    </>
  );
}
