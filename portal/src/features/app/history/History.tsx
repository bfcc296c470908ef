import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { readHistoryInfiniteOptions } from '@/api/@tanstack/react-query.gen';
import { Card, Section } from '@/kit/page/Parts';
import { Empty, Failed, Loading } from '@/kit/states/States';
import { historyWords as words } from '../actWords';
import type { TabProps } from '../tabs';
import { EventLine } from './EventLine';
import css from './history.module.css';

const PAGE = 50;

/** Everything that happened to an app, newest first. */
export default function History({ app }: TabProps) {
  const events = useInfiniteQuery({
    ...readHistoryInfiniteOptions({ path: { name: app.name }, query: { limit: PAGE } }),
    initialPageParam: { path: { name: app.name } },
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const items = events.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={words.title} note={words.note}>
      <Card>
        {events.data ? (
          items.length > 0 ? (
            <ul>
              {items.map((event) => (
                <EventLine key={event.id} event={event} app={app} />
              ))}
            </ul>
          ) : (
            <Empty title={words.none}>{words.noneText}</Empty>
          )
        ) : events.isError ? (
          <Failed what={words.read} error={events.error} retry={() => void events.refetch()} />
        ) : (
          <Loading lines={10} />
        )}
      </Card>
      {items.length > 0 && (
        <div className={css.foot}>
          {events.hasNextPage ? (
            <Button
              className="no-print"
              loading={events.isFetchingNextPage}
              onClick={() => void events.fetchNextPage()}
            >
              {words.more}
            </Button>
          ) : (
            <p className="xs t3">{words.end}</p>
          )}
        </div>
      )}
    </Section>
  );
}
