import { queryOptions } from '@tanstack/react-query';
import { moveSteps, readLayout, tidyLayout, type LayoutView } from '@/api';
import { readLayoutQueryKey } from '@/api/@tanstack/react-query.gen';
import type { Layout } from './mover';
import type { Places } from './places';

export interface Where {
  app: string;
  which: string;
  environment: string;
}

const address = ({ app, which, environment }: Where) => ({ path: { name: app, which }, query: { environment } });

const held = (view: LayoutView, response: Response): Layout => ({
  positions: view.positions,
  tag: response.headers.get('etag') ?? '',
  movedBy: view.movedBy ?? '',
});

export const layoutKey = (where: Where) => [readLayoutQueryKey(address(where))[0], 'with its tag'] as const;

/** The drawing with its tag: the generated options leave the answer's headers out. */
export const layoutOptions = (where: Where) =>
  queryOptions({
    queryKey: layoutKey(where),
    queryFn: async ({ signal }) => {
      const { data, response } = await readLayout({ ...address(where), signal, throwOnError: true });
      return held(data, response);
    },
  });

const match = (tag: string) => (tag ? { headers: { 'if-match': tag } } : {});

export async function storeMoves(where: Where, positions: Places, tag: string): Promise<Layout> {
  const { data, response } = await moveSteps({
    ...address(where),
    ...match(tag),
    body: { positions },
    throwOnError: true,
  });
  return held(data, response);
}

export async function storeTidy(where: Where, tag: string): Promise<Layout> {
  const { data, response } = await tidyLayout({ ...address(where), ...match(tag), throwOnError: true });
  return held(data, response);
}
