import { Button, NativeSelect } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useAddress } from '@/kit/search';
import { Card, Section } from '@/kit/page/Parts';
import { Empty, Failed, Loading } from '@/kit/states/States';
import css from './tail.module.css';
import { TailList } from './TailList';
import { choices, narrowed, type Outcome } from './tail';
import { useTail } from './useTail';
import { codes, words } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
const OUTCOMES: readonly Outcome[] = ['answered', 'refused', 'limited', 'failed'];

/** What passes the hub right now, by names and ids. */
export function Tail({ name }: { name: string }) {
  const says = words.tail;
  const [address, change] = useAddress();
  const { query, calls, paused, waiting, pause } = useTail(name);
  const filter = {
    app: address['app'] ?? '',
    connection: address['connection'] ?? '',
    outcome: address['outcome'] ?? '',
  };
  const shown = narrowed(calls, filter);
  const codesSeen = choices(calls, 'code');
  const others = filter.outcome in codes && !codesSeen.includes(filter.outcome) ? [filter.outcome] : [];
  const withChosen = (values: string[], chosen: string) =>
    chosen !== '' && !values.includes(chosen) ? [...values, chosen] : values;
  return (
    <div id="tail" className={css.anchor}>
      <Section
        title={says.title}
        note={calls.length > 0 && says.note(shown.length, calls.length)}
        right={
          <>
            <span className="xs t3" role="status">
              {paused ? (waiting > 0 ? says.newer(waiting) : says.paused) : says.live}
            </span>
            <Button
              size="xs"
              className="no-print"
              aria-pressed={paused}
              leftSection={paused ? <IconPlayerPlay {...ICON} /> : <IconPlayerPause {...ICON} />}
              onClick={() => pause(!paused)}
            >
              {paused ? says.resume : says.pause}
            </Button>
          </>
        }
      >
        <Card>
          <div className={`${css.filters} no-print`}>
            <NativeSelect
              aria-label={says.app}
              value={filter.app}
              onChange={(event) => change({ app: event.currentTarget.value })}
              data={[
                { value: '', label: `${says.app}: ${says.every.toLowerCase()}` },
                ...withChosen(choices(calls, 'app'), filter.app),
              ]}
            />
            <NativeSelect
              aria-label={says.connection}
              value={filter.connection}
              onChange={(event) => change({ connection: event.currentTarget.value })}
              data={[
                { value: '', label: `${says.connection}: ${says.every.toLowerCase()}` },
                ...withChosen(choices(calls, 'connection'), filter.connection),
              ]}
            />
            <NativeSelect
              aria-label={says.outcome}
              value={filter.outcome}
              onChange={(event) => change({ outcome: event.currentTarget.value })}
              data={[
                { value: '', label: `${says.outcome}: ${says.every.toLowerCase()}` },
                ...OUTCOMES.map((value) => ({ value, label: says.outcomes[value] })),
                ...[...codesSeen, ...others].map((value) => ({ value, label: value })),
              ]}
            />
          </div>
          {shown.length > 0 ? (
            <TailList calls={shown} />
          ) : query.data === undefined && query.isError ? (
            <Failed what={words.readTail} error={query.error} retry={() => void query.refetch()} />
          ) : query.data === undefined ? (
            <Loading lines={6} />
          ) : calls.length === 0 ? (
            <Empty title={says.empty}>{says.emptyText}</Empty>
          ) : (
            <Empty
              title={says.noMatch}
              action={
                <Button size="xs" onClick={() => change({ app: '', connection: '', outcome: '' })}>
                  {says.clear}
                </Button>
              }
            >
              {says.emptyText}
            </Empty>
          )}
        </Card>
        <p className={`xs t3 ${css.privacy}`}>{says.privacy}</p>
      </Section>
    </div>
  );
}
