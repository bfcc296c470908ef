import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { listDirectoryOptions } from '@/api/@tanstack/react-query.gen';
import { problemOf } from '@/kit/problem';
import { toast } from '@/kit/toast';
import { useNames } from '@/session/names';
import { layoutKey, layoutOptions, storeMoves, storeTidy, type Where } from './layout';
import { type Layout, Mover } from './mover';
import { flow as words } from './words';

function moverFor(client: QueryClient, where: Where, layout: Layout, nameOf: (id: string) => string): Mover {
  const key = layoutKey(where);
  const called = (name: string): string => {
    const known = client.getQueryData(listDirectoryOptions().queryKey);
    return known?.items.find((person) => person.name === name)?.displayName || name || words.somebody;
  };
  return new Mover(
    layout,
    {
      move: async (positions, tag) => {
        // An answer that was on its way would show the drawing as it was before.
        await client.cancelQueries({ queryKey: key });
        return storeMoves(where, positions, tag);
      },
      tidy: async (tag) => {
        await client.cancelQueries({ queryKey: key });
        return storeTidy(where, tag);
      },
    },
    {
      moved: (ids, undo) =>
        toast(ids.length === 1 && ids[0] ? words.moved(nameOf(ids[0])) : words.movedMany(ids.length), undo),
      tidied: (undo) => toast(words.tidied, undo),
      back: () => toast(words.back),
      theirs: (by) => toast(words.theirs(called(by))),
      refused: (error) => toast(words.notStored(problemOf(error).detail)),
      stored: (held) => client.setQueryData(key, held),
    },
  );
}

const nothing = () => () => undefined;

/**
 * Where the steps of a version are drawn, and how they are moved. What somebody else moved meanwhile is offered, never
 * slipped in: nothing moves by itself.
 */
export function useMoves({ app, which, environment }: Where, nameOf: (id: string) => string) {
  const client = useQueryClient();
  const names = useNames();
  const where = useMemo(() => ({ app, which, environment }), [app, which, environment]);
  const query = useQuery(layoutOptions(where));
  const [mover, setMover] = useState<Mover | null>(null);
  if (query.data && mover === null) setMover(moverFor(client, where, query.data, nameOf));
  const shown = useSyncExternalStore(
    mover?.subscribe ?? nothing,
    useCallback(() => mover?.read() ?? null, [mover]),
  );
  // Leaving the page must not lose the last move.
  useEffect(() => () => void mover?.store(true), [mover]);

  const newer = query.data && shown && query.data.tag !== shown.layout.tag ? query.data : null;
  return {
    query,
    mover,
    layout: shown?.layout ?? null,
    canUndo: shown?.canUndo ?? false,
    newer: newer && {
      who: newer.movedBy ? names(newer.movedBy).displayName : words.somebody,
      take: () => mover?.take(newer),
    },
  };
}
