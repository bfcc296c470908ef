import { Button } from '@mantine/core';
import { IconDownload, IconLock, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listEventsInfiniteOptions } from '@/api/@tanstack/react-query.gen';
import { dayName } from '@/kit/format';
import { Page } from '@/kit/page/Page';
import { Card } from '@/kit/page/Parts';
import { useAddress } from '@/kit/search';
import { Empty, Failed, Loading } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { useRolesWith } from '@/session/roles';
import css from './audit.module.css';
import { Event } from './Event';
import { FilterForm } from './FilterForm';
import { exportAddress, type Filters, filtersOf, isNarrowed, queryOf } from './filters';
import { Verify } from './Verify';
import { words } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
const PAGE = 50;

/** Who did what, in sentences, newest first. */
export default function AuditPage() {
  const may = useMay();
  const reads = may('audit:read');
  const roles = useRolesWith('audit:read');
  const [address, change] = useAddress();
  const [verifying, setVerifying] = useState(false);
  const filters = filtersOf(address);
  const narrowed = isNarrowed(filters);
  // A window moves with each new question, not with each second.
  const [askedAt, setAskedAt] = useState(() => Date.now());
  const query = queryOf(filters, askedAt);
  const events = useInfiniteQuery({
    ...listEventsInfiniteOptions({ query: { ...query, limit: PAGE } }),
    // Null would be taken for a page of its own.
    initialPageParam: {},
    getNextPageParam: (page) => page.next,
    placeholderData: (had) => had,
    enabled: reads,
  });
  const ask = (changes: Partial<Filters>) => {
    setAskedAt(Date.now());
    change(changes);
  };
  const items = events.data?.pages.flatMap((page) => page.items) ?? [];
  const days = items.reduce<{ day: string; items: typeof items }[]>((groups, event) => {
    const day = dayName(event.at);
    const last = groups.at(-1);
    if (last?.day === day) last.items.push(event);
    else groups.push({ day, items: [event] });
    return groups;
  }, []);
  if (!reads) {
    return (
      <Page name={words.name} title={words.name}>
        <Card>
          <Empty icon={<IconLock {...ICON} size={20} />} title={words.mayNot}>
            {words.mayNotText(roles)}
          </Empty>
        </Card>
      </Page>
    );
  }
  return (
    <Page
      name={words.name}
      title={events.data ? words.title(items.length, events.hasNextPage, narrowed) : words.name}
      lead={words.lead}
      buttons={
        <>
          <Button
            component="a"
            href={exportAddress(query)}
            download="audit.jsonl"
            title={words.exportNote}
            leftSection={<IconDownload {...ICON} />}
          >
            {narrowed ? words.exportThese : words.exportAll}
          </Button>
          <Button leftSection={<IconShieldCheck {...ICON} />} onClick={() => setVerifying(true)}>
            {words.verify}
          </Button>
        </>
      }
    >
      <FilterForm filters={filters} onChange={ask} />
      <Card>
        {events.data === undefined ? (
          events.isError ? (
            <Failed what={words.read} error={events.error} retry={() => void events.refetch()} />
          ) : (
            <Loading lines={10} />
          )
        ) : items.length === 0 ? (
          <Empty title={narrowed ? words.empty : words.nothing}>{narrowed ? words.emptyText : words.nothingText}</Empty>
        ) : (
          <>
            <ol className={css.list}>
              {days.map((group) => (
                <li key={group.day}>
                  <h2 className={css.dayHead}>{group.day}</h2>
                  {group.items.map((event, index) => (
                    <Event key={event.id} event={event} last={index === group.items.length - 1} />
                  ))}
                </li>
              ))}
            </ol>
            <div className={`${css.foot} no-print`}>
              {events.hasNextPage ? (
                <Button loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
                  {words.more}
                </Button>
              ) : (
                <p className="xs t3">{words.end}</p>
              )}
            </div>
          </>
        )}
      </Card>
      {events.isError && events.data !== undefined && (
        <Failed what={words.read} error={events.error} retry={() => void events.refetch()} />
      )}
      {verifying && <Verify onClose={() => setVerifying(false)} />}
    </Page>
  );
}
