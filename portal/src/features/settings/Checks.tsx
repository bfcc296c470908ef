import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ExaminationView } from '@/api';
import { Age } from '@/kit/Age';
import type { GlyphName } from '@/kit/marks/Glyph';
import { Status, type Tone } from '@/kit/marks/Marks';
import { Card, Section } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import { byNeed, type Check } from './checks';
import css from './settings.module.css';
import { words } from './words';

const marks: Record<Check['state'], [Tone, GlyphName]> = {
  failed: ['bad', 'blocker'],
  warning: ['warn', 'warning'],
  ok: ['ok', 'ok'],
};

/** What was examined, what is wrong first, each with what to do about it. */
export function Checks({ query }: { query: UseQueryResult<ExaminationView, unknown> }) {
  return (
    <Section
      title={words.checks}
      note={
        query.data && (
          <>
            {words.checksNote} <Age at={new Date(query.dataUpdatedAt).toISOString()} />
          </>
        )
      }
      right={
        <Button
          size="xs"
          className="no-print"
          loading={query.isFetching}
          leftSection={<IconRefresh size={14} stroke={1.75} aria-hidden />}
          onClick={() => void query.refetch()}
        >
          {words.again}
        </Button>
      }
    >
      <Card>
        <Loaded query={query} what={words.readChecks} lines={8}>
          {(found) => (
            <ul aria-live="polite">
              {byNeed(found.checks).map((check) => (
                <li key={check.check} className={css.check}>
                  <b>{words.checkName(check.check)}</b>
                  <Status tone={marks[check.state][0]} glyph={marks[check.state][1]}>
                    {words.states[check.state]}
                  </Status>
                  <div>
                    <p className={check.state === 'ok' ? 't2' : ''}>{check.detail}</p>
                    {check.fix && <p className="t2">{check.fix}</p>}
                  </div>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Card>
    </Section>
  );
}
