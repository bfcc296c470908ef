import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { listEstateLeaksOptions } from '@/api/@tanstack/react-query.gen';
import { Page } from '@/kit/page/Page';
import { Card } from '@/kit/page/Parts';
import { useAddress } from '@/kit/search';
import { Empty, Loaded } from '@/kit/states/States';
import css from './estate.module.css';
import { LeakItem } from './LeakItem';
import { rowOf } from './leakRow';
import { Lists } from './Lists';
import { inventory, words } from './words';

const PAGE = 25;
/** The API counts no further. */
const SKIP_MAX = 400;

/** Every way of data out of the company, the worst first. */
export default function LeaksPage() {
  const [address, change] = useAddress();
  const skip = Math.min(SKIP_MAX, Math.max(0, Math.trunc(Number(address['skip'] ?? 0)) || 0));
  const query = useQuery({
    ...listEstateLeaksOptions({ query: { skip, limit: PAGE } }),
    placeholderData: keepPreviousData,
  });
  const { leaks } = words;
  const turn = (to: number) => {
    change({ skip: to > 0 ? String(to) : '' });
    window.scrollTo({ top: 0 });
  };
  return (
    <Page
      name={leaks.title}
      title={query.data ? leaks.pageTitle(query.data.total) : leaks.title}
      lead={leaks.pageLead}
      crumbs={[{ label: words.name, to: '/estate' }]}
    >
      <Lists />
      <Loaded query={query} what={leaks.what} lines={12}>
        {({ items, total }) => (
          <>
            <Card>
              {items.length === 0 ? (
                <Empty title={leaks.none}>{leaks.noneText}</Empty>
              ) : (
                items.map((view, index) => (
                  // Two leaks may read the same.
                  // oxlint-disable-next-line react/no-array-index-key
                  <LeakItem key={`${skip}/${index}`} leak={rowOf(view)} number={skip + index + 1} second />
                ))
              )}
            </Card>
            {items.length > 0 && (
              <nav className={css.more} aria-label={inventory.pages}>
                <span className="xs t3 num">{inventory.range(skip + 1, skip + items.length, total)}</span>
                <span>
                  <Button size="xs" disabled={skip === 0} onClick={() => turn(Math.max(0, skip - PAGE))}>
                    {inventory.previous}
                  </Button>{' '}
                  <Button
                    size="xs"
                    disabled={skip + items.length >= total || skip + PAGE > SKIP_MAX}
                    onClick={() => turn(skip + PAGE)}
                  >
                    {inventory.next}
                  </Button>
                </span>
              </nav>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
