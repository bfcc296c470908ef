import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { listDuplicates, type TwinsView } from '@/api';
import { plain } from '@/features/flow/graph';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { Page } from '@/kit/page/Page';
import { Card } from '@/kit/page/Parts';
import { Empty, Failed, Loading } from '@/kit/states/States';
import css from './estate.module.css';
import { Lists } from './Lists';
import { words } from './words';

const PAGE = 30;
const said = words.twins;

function Twin({ twins }: { twins: TwinsView }) {
  return (
    <li className={css.twin}>
      <header>
        <h2>{said.title(twins.operations.map((each) => plain(each, 60)))}</h2>
        <span className="xs t3">{twins.kind === 'exact' ? said.same : said.alike(twins.similarity / 100)}</span>
        <span className="xs t3">{said.members(twins.definitions.length)}</span>
      </header>
      <p className="sm t2">{plain(twins.text)}</p>
      {twins.destinations.length > 0 && (
        <p className="xs t3">{said.into([...new Set(twins.destinations)].map((each) => plain(each, 60)))}</p>
      )}
      <ul className={css.members}>
        {twins.definitions.map((each) => (
          <li key={each.id}>
            <Link to={`/estate/definitions/${each.id}`} className="nm">
              {plain(each.name, 120) || each.id}
            </Link>
            <BuiltOn platform={each.platform} />
            {each.app && (
              <Link to={`/apps/${each.app}`} className="lk xs hit">
                {said.app(each.app)}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
}

/** Definitions that do the same work, the largest saving first. */
export default function DuplicatesPage() {
  const query = useInfiniteQuery({
    queryKey: [{ _id: 'listDuplicates' }],
    queryFn: async ({ pageParam, signal }) =>
      (await listDuplicates({ query: { skip: pageParam, limit: PAGE }, signal, throwOnError: true })).data,
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length > 0 && seen < last.total ? seen : undefined;
    },
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total;
  return (
    <Page
      name={words.lists.duplicates}
      title={total === undefined ? words.lists.duplicates : said.pageTitle(total)}
      lead={said.pageLead}
      crumbs={[{ label: words.name, to: '/estate' }]}
    >
      <Lists />
      {query.isError && !query.data ? (
        <Failed what={said.what} error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Loading lines={10} />
      ) : (
        <Card>
          {items.length === 0 ? (
            <Empty title={said.none} />
          ) : (
            <ol className={css.twins}>
              {items.map((twins) => (
                <Twin key={twins.definitions.map((each) => each.id).join()} twins={twins} />
              ))}
            </ol>
          )}
        </Card>
      )}
      {query.hasNextPage && (
        <div className={css.more}>
          <span className="xs t3 num">{said.range(items.length, total ?? 0)}</span>
          <Button size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {said.more}
          </Button>
        </div>
      )}
    </Page>
  );
}
