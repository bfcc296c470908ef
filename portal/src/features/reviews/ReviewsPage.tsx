import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { QueuedView } from '@/api';
import { listReviewsInfiniteOptions, listReviewsOptions } from '@/api/@tanstack/react-query.gen';
import { Page } from '@/kit/page/Page';
import { Card, TabLinks } from '@/kit/page/Parts';
import { Empty, Loaded } from '@/kit/states/States';
import { useMay, useMe } from '@/session/me';
import { useNames } from '@/session/names';
import { fits } from './reading';
import css from './queue.module.css';
import { ReviewTable } from './ReviewTable';
import { queue as words } from './words';

const SHOWN = 50;
/** From so many rows on, a list is worth filtering. */
const LONG = 8;
const tabs = ['me', 'open', 'mine', 'decided'] as const;
type Tab = (typeof tabs)[number];

/** Decided reviews by pages; all of them, or those that the reader submitted. */
function useDecided(mine: boolean, enabled: boolean) {
  return useInfiniteQuery({
    ...listReviewsInfiniteOptions({ query: { decided: true, limit: SHOWN, ...(mine ? { mine: true } : {}) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    enabled,
  });
}

function Nothing({ tab, others }: { tab: Tab; others: number }) {
  const said = words.empty[tab];
  return (
    <Empty
      title={said.title}
      action={
        tab === 'me' &&
        others > 0 && (
          <Link to="/reviews" search={{ show: 'open' }} className="lk sm">
            {words.seeOpen}
          </Link>
        )
      }
    >
      {said.text} {tab === 'me' && others > 0 && words.empty.me.open(others)}
    </Empty>
  );
}

function More({ shown, all, busy, onMore }: { shown: number; all?: number; busy?: boolean; onMore: () => void }) {
  return (
    <div className={css.more}>
      <Button onClick={onMore} loading={busy ?? false}>
        {words.more}
      </Button>
      {all !== undefined && <span className="xs t3">{words.moreOf(shown, all)}</span>}
    </div>
  );
}

/** What waits for a decision, and what was decided. */
export default function ReviewsPage() {
  const me = useMe();
  const may = useMay();
  const nameOf = useNames();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { show?: string; q?: string };
  const reviews = may('version:review');
  const tab: Tab = tabs.find((each) => each === search.show) ?? (reviews ? 'me' : 'mine');
  const wanted = search.q ?? '';
  const [count, setCount] = useState(SHOWN);
  const listed = useQuery(listReviewsOptions());
  const decided = useDecided(tab === 'mine', tab === 'decided' || tab === 'mine');

  const open = listed.data?.items ?? [];
  const of: Record<Exclude<Tab, 'decided'>, QueuedView[]> = {
    me: open.filter((review) => review.standing?.mayDecide),
    open,
    mine: open.filter((review) => review.submittedBy === me.name),
  };
  const past = decided.data?.pages.flatMap((page) => page.items) ?? [];
  const waiting = tab === 'decided' ? [] : of[tab];
  const ended = tab === 'decided' || tab === 'mine' ? past : [];
  const people = (review: QueuedView) =>
    [review.submittedBy, review.decidedBy].filter(Boolean).map((name) => nameOf(name).displayName);
  const fitting = (items: readonly QueuedView[]) => items.filter((review) => fits(review, wanted, people(review)));
  const [rows, endedRows] = [fitting(waiting), fitting(ended)];
  const isLong = waiting.length + ended.length > LONG || wanted !== '';
  const shown = (to: Tab) => ({ show: to, ...(wanted ? { q: wanted } : {}) });

  return (
    <Page
      name={words.name}
      title={listed.data ? (tab === 'decided' ? words.title.decided : words.title[tab](of[tab].length)) : words.name}
      lead={words.lead}
    >
      <TabLinks
        label={words.tabs.label}
        items={tabs
          .filter((each) => each !== 'me' || reviews)
          .map((each) => ({
            label: words.tabs[each],
            to: '/reviews',
            search: shown(each),
            active: tab === each,
            ...(each === 'decided' || listed.data === undefined ? {} : { count: of[each].length }),
          }))}
      />
      {isLong && (
        <TextInput
          className={`${css.filter} no-print`}
          aria-label={words.filter}
          placeholder={words.filter}
          leftSection={<IconSearch size={14} stroke={1.75} aria-hidden />}
          value={wanted}
          onChange={(event) =>
            void navigate({
              to: '/reviews',
              search: { show: tab, q: event.currentTarget.value || undefined },
              replace: true,
              resetScroll: false,
            })
          }
        />
      )}
      {tab !== 'decided' && (
        <Card>
          <Loaded query={listed} what={words.failed} lines={5}>
            {() =>
              rows.length > 0 ? (
                <ReviewTable label={words.tables[tab]} items={rows.slice(0, count)} kind="open" />
              ) : wanted === '' ? (
                endedRows.length > 0 ? (
                  <Empty title={words.title.mine(0)}>{words.empty.mine.text}</Empty>
                ) : (
                  <Nothing tab={tab} others={open.length} />
                )
              ) : (
                <Empty title={words.empty.filtered(wanted)}>{words.empty.filteredText}</Empty>
              )
            }
          </Loaded>
          {rows.length > count && <More shown={count} all={rows.length} onMore={() => setCount(count + SHOWN)} />}
        </Card>
      )}
      {(tab === 'decided' || endedRows.length > 0) && (
        <div className={css.past}>
          {tab === 'mine' && <h2 className={css.head}>{words.decidedOfMine}</h2>}
          <Card>
            <Loaded query={decided} what={words.failed} lines={6}>
              {() =>
                endedRows.length > 0 ? (
                  <ReviewTable label={words.tables.decided} items={endedRows} kind="decided" />
                ) : wanted === '' ? (
                  <Nothing tab="decided" others={0} />
                ) : (
                  <Empty title={words.empty.filtered(wanted)}>{words.empty.filteredText}</Empty>
                )
              }
            </Loaded>
            {decided.hasNextPage && (
              <More shown={past.length} busy={decided.isFetchingNextPage} onMore={() => void decided.fetchNextPage()} />
            )}
          </Card>
        </div>
      )}
    </Page>
  );
}
