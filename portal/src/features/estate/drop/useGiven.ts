import { type DragEvent, useCallback, useRef, useState } from 'react';
import { type Entry, fromField, walk, type Walked } from './walk';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/**
 * Take what is dropped or chosen: files, and folders with all that lies in them. `listing` counts files while folders
 * are looked through; null when none are.
 */
export function useGiven(take: (walked: Walked) => void) {
  const [over, setOver] = useState(false);
  const [listing, setListing] = useState<number | null>(null);
  // Moving over an element within sends a leave for the one around it.
  const depth = useRef(0);
  const control = useRef<AbortController | null>(null);

  const look = useCallback(
    async (entries: readonly Entry[]) => {
      control.current?.abort();
      const mine = new AbortController();
      control.current = mine;
      setListing(0);
      const walked = await walk(entries, setListing, mine.signal);
      setListing(null);
      if (!mine.signal.aborted) take(walked);
    },
    [take],
  );
  const stop = useCallback(() => {
    control.current?.abort();
    setListing(null);
  }, []);
  const choose = useCallback((list: FileList | null) => list && list.length > 0 && take(fromField(list)), [take]);

  const target = {
    onDragEnter: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current += 1;
      setOver(true);
    },
    onDragOver: (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    },
    onDragLeave: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      // Entries must be taken while the event lasts.
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
      const known = entries.filter((entry) => entry !== null);
      if (known.length > 0) void look(known);
      else choose(event.dataTransfer.files);
    },
  };
  return { over, listing, target, choose, stop };
}
