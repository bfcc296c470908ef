import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type EstateFileView, listEstateFiles } from '@/api';
import { plain } from '@/features/flow/graph';
import { Day } from '@/kit/Age';
import { Glyph } from '@/kit/marks/Glyph';
import { Page } from '@/kit/page/Page';
import { Card } from '@/kit/page/Parts';
import { Empty, Failed, Loading } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import css from './estate.module.css';
import { Lists } from './Lists';
import { words } from './words';

const PAGE = 100;
const said = words.unread;

const columns: readonly Column<EstateFileView>[] = [
  {
    key: 'path',
    head: said.head.path,
    cell: (file) => (
      <span className={css.file}>
        <b>{plain(file.path, 300)}</b>
        <span className="xs t3"> {plain(file.origin, 60)}</span>
      </span>
    ),
  },
  {
    key: 'why',
    head: said.head.why,
    cell: (file) => (
      <span className={css.why}>
        <span>{plain(file.error?.text)}</span>
        {file.error?.fix && <span className="t2">{plain(file.error.fix)}</span>}
        {file.error?.place && file.error.place !== file.path && (
          <code className="xs t3">{plain(file.error.place)}</code>
        )}
      </span>
    ),
  },
  { key: 'seen', head: said.head.seen, wide: true, cell: (file) => <Day at={file.seenAt} /> },
];

/** Files that could not be read: each with why, and what helps. */
export default function UnreadablePage() {
  const query = useInfiniteQuery({
    queryKey: [{ _id: 'listEstateFiles' }],
    queryFn: async ({ pageParam, signal }) =>
      (
        await listEstateFiles({
          query: { unreadable: true, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
          throwOnError: true,
        })
      ).data,
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const files = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      name={words.lists.unreadable}
      title={
        query.data
          ? query.hasNextPage
            ? said.pageMore(files.length)
            : said.pageTitle(files.length)
          : words.lists.unreadable
      }
      lead={said.pageLead}
      crumbs={[{ label: words.name, to: '/estate' }]}
    >
      <Lists />
      {query.isError && !query.data ? (
        <Failed what={said.what} error={query.error} retry={() => void query.refetch()} />
      ) : !query.data ? (
        <Loading lines={8} />
      ) : (
        <Card>
          <Table
            label={words.lists.unreadable}
            columns={columns}
            rows={files}
            id={(file) => `${file.team}/${file.origin}/${file.path}`}
            empty={
              <Empty
                icon={
                  <span className="c-ok">
                    <Glyph name="ok" size={18} />
                  </span>
                }
                title={said.none}
              >
                {said.noneText}
              </Empty>
            }
          />
        </Card>
      )}
      {query.hasNextPage && (
        <div className={css.more}>
          <span />
          <Button size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {words.twins.more}
          </Button>
        </div>
      )}
    </Page>
  );
}
