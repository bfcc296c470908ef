import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { problemOf } from '@/kit/problem';
import { toast } from '@/kit/toast';
import { useNames } from '@/session/names';
import { type Layout, layoutKey, layoutOptions, storeMoves, storeTidy, theirs, type Where } from './layout';
import type { Places } from './places';
import { flow as words } from './words';

/** Moves that follow each other quickly are one, for the server and for undo. */
const SETTLED_MS = 600;

/**
 * Where steps are drawn, and how they are moved: at once in view, stored a moment later, undone by toast or key. What
 * somebody else moved meanwhile is offered, never slipped in: nothing moves by itself.
 */
export function useMoves(where: Where, nameOf: (id: string) => string) {
  const client = useQueryClient();
  const names = useNames();
  const { app, which, environment } = where;
  const here = useMemo(() => ({ app, which, environment }), [app, which, environment]);
  const query = useQuery(layoutOptions(here));
  const [shown, setShown] = useState<Layout | null>(null);
  const [undoable, setUndoable] = useState(0);
  // What writing needs to see at once, whatever was rendered.
  const now = useRef<Layout | null>(null);
  const waiting = useRef<Record<string, { x: number; y: number }>>({});
  const history = useRef<Places[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const writing = useRef(false);

  const show = useCallback((layout: Layout) => {
    now.current = layout;
    setShown(layout);
  }, []);
  if (query.data && shown === null) setShown(query.data);
  useEffect(() => {
    if (now.current === null) now.current = shown;
  }, [shown]);

  const says = useRef({ nameOf, who: (name: string) => name });
  useEffect(() => {
    says.current = { nameOf, who: (name) => (name ? names(name).displayName : words.somebody) };
  }, [nameOf, names]);

  const stored = useCallback(
    (layout: Layout) => {
      client.setQueryData(layoutKey(here), layout);
      show(layout);
    },
    [client, here, show],
  );

  const refused = useCallback(
    (error: unknown, before: Places) => {
      const current = theirs(error);
      if (current) {
        history.current = [];
        setUndoable(0);
        stored(current);
        toast(words.theirs(says.current.who(current.movedBy)));
        return;
      }
      const problem = problemOf(error);
      if (now.current) show({ ...now.current, positions: { ...now.current.positions, ...before } });
      toast(words.notStored(problem.detail));
    },
    [show, stored],
  );

  const undoOf = useRef<(before: Places) => void>(() => undefined);
  const remember = useCallback((before: Places, text: string) => {
    history.current.push(before);
    setUndoable(history.current.length);
    toast(text, () => undoOf.current(before));
  }, []);

  const flush = useCallback(
    async (undoing: boolean) => {
      clearTimeout(timer.current);
      if (writing.current || now.current === null) return;
      const before = waiting.current;
      const ids = Object.keys(before);
      if (ids.length === 0) return;
      waiting.current = {};
      writing.current = true;
      const { positions, tag } = now.current;
      const moved = Object.fromEntries(ids.flatMap((id) => (positions[id] ? [[id, positions[id]]] : [])));
      try {
        await client.cancelQueries({ queryKey: layoutKey(here) });
        const layout = await storeMoves(here, moved, tag);
        // What was moved while this was on its way stays where it is now.
        const later = Object.keys(waiting.current).flatMap((id) => {
          const at = now.current?.positions[id];
          return at ? [[id, at] as const] : [];
        });
        stored({ ...layout, positions: { ...layout.positions, ...Object.fromEntries(later) } });
        if (!undoing) {
          const one = ids.length === 1 ? ids[0] : undefined;
          remember(before, one === undefined ? words.movedMany(ids.length) : words.moved(says.current.nameOf(one)));
        }
      } catch (error) {
        refused(error, before);
      } finally {
        writing.current = false;
      }
      if (Object.keys(waiting.current).length > 0) void flush(false);
    },
    [client, here, refused, remember, stored],
  );

  const place = useCallback(
    (positions: Places) => {
      if (now.current === null) return;
      for (const id of Object.keys(positions)) {
        const before = now.current.positions[id];
        if (before) waiting.current[id] ??= before;
      }
      show({ ...now.current, positions: { ...now.current.positions, ...positions } });
    },
    [show],
  );

  const move = useCallback(
    (positions: Places) => {
      place(positions);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(false), SETTLED_MS);
    },
    [flush, place],
  );

  const undo = useCallback(() => {
    if (Object.keys(waiting.current).length > 0 && !writing.current && now.current) {
      // Not stored yet: there is nothing to tell the server.
      clearTimeout(timer.current);
      const before = waiting.current;
      waiting.current = {};
      show({ ...now.current, positions: { ...now.current.positions, ...before } });
      return;
    }
    const before = history.current.at(-1);
    if (before) undoOf.current(before);
  }, [show]);

  useEffect(() => {
    undoOf.current = (before) => {
      if (!history.current.includes(before)) return;
      history.current = history.current.filter((each) => each !== before);
      setUndoable(history.current.length);
      place(before);
      void flush(true);
      toast(words.back);
    };
  }, [flush, place]);

  const tidy = useCallback(async () => {
    await flush(false);
    if (now.current === null || writing.current) return;
    const before = now.current.positions;
    writing.current = true;
    try {
      await client.cancelQueries({ queryKey: layoutKey(here) });
      stored(await storeTidy(here, now.current.tag));
      remember(before, words.tidied);
    } catch (error) {
      refused(error, {});
    } finally {
      writing.current = false;
    }
  }, [client, flush, here, refused, remember, stored]);

  // Leaving the page must not lose the last move.
  useEffect(() => () => void flush(true), [flush]);

  const newer = query.data && shown && query.data.tag !== shown.tag && undoable >= 0 ? query.data : null;
  const takeNewer = useCallback(() => {
    if (newer) {
      history.current = [];
      setUndoable(0);
      show(newer);
    }
  }, [newer, show]);

  return {
    query,
    layout: shown,
    move,
    undo,
    tidy,
    canUndo: undoable > 0,
    newer: newer ? { who: newer.movedBy ? names(newer.movedBy).displayName : words.somebody, take: takeNewer } : null,
  };
}
