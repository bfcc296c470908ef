import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readImpactOptions } from '@/api/@tanstack/react-query.gen';
import { Age } from '@/kit/Age';
import { number } from '@/kit/format';
import { Loaded } from '@/kit/states/States';
import { settings } from '../actWords';
import css from './settings.module.css';

const words = settings.impact;

/** What stops when an app is held or retired, a line each. */
export function Impact({ app }: { app: string }) {
  const impact = useQuery(readImpactOptions({ path: { name: app } }));
  return (
    <Loaded query={impact} what={settings.readImpact} lines={3}>
      {(found) => {
        const names = [...new Set(found.connections.map((each) => each.connection))];
        return (
          <>
            {found.calls24h === null ? (
              <p className="t2">{words.unknown}</p>
            ) : (
              <Line value={found.calls24h}>
                {words.calls(found.calls24h)}
                {', '}
                {found.lastCallAt ? (
                  <>
                    {words.last} <Age at={found.lastCallAt} />
                  </>
                ) : (
                  words.never
                )}
              </Line>
            )}
            <Line value={found.clients}>{words.clients(found.clients)}</Line>
            <Line value={names.length}>{words.connections(names)}</Line>
          </>
        );
      }}
    </Loaded>
  );
}

function Line({ value, children }: { value: number; children: ReactNode }) {
  return (
    <p className={css.line}>
      <b className="num">{number(value)}</b>
      <span>{children}</span>
    </p>
  );
}
