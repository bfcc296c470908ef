import { Button, Modal } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { type CatalogItem, searchCatalog } from '@/api';
import { ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import css from './dialog.module.css';
import { toCsv } from './csv';
import { type Filters, toAsked } from './filters';
import { exporting as words } from './words';

export const MOST = 10_000;
const PAGE = 200;

/** Read every page of a result, up to the most that is exported; each page says where the next begins. */
async function readAll(
  filters: Filters,
  signal: AbortSignal,
  onRead: (n: number) => void,
  before: readonly CatalogItem[] = [],
  cursor = '',
): Promise<readonly CatalogItem[]> {
  const { data } = await searchCatalog({ query: toAsked(filters, cursor, PAGE), signal, throwOnError: true });
  const apps = [...before, ...data.items].slice(0, MOST);
  onRead(apps.length);
  return data.next && apps.length < MOST ? readAll(filters, signal, onRead, apps, data.next) : apps;
}

function download(text: string): void {
  // The mark in front tells spreadsheets that it is UTF-8.
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `catalog-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

interface Props {
  filters: Filters;
  total: number;
  onClose: () => void;
}

function Run({ filters, total, onClose, onAgain }: Props & { onAgain: () => void }) {
  const [done, setDone] = useState(0);
  const [error, setError] = useState<unknown>(null);
  // What was asked when it began; the page behind goes on.
  const begun = useRef({ filters, onClose });
  useEffect(() => {
    const control = new AbortController();
    const run = async () => {
      try {
        const apps = await readAll(begun.current.filters, control.signal, setDone);
        if (control.signal.aborted) return;
        download(toCsv(apps));
        toast(words.done(apps.length));
        begun.current.onClose();
      } catch (failed) {
        if (!control.signal.aborted) setError(failed);
      }
    };
    void run();
    return () => control.abort();
  }, []);
  return (
    <div className={css.dialog}>
      <p className="sm t2">{total > MOST ? words.most(total) : words.reading}</p>
      {error === null ? (
        <>
          <progress className={css.progress} max={Math.min(total, MOST)} value={done} aria-label={words.bar} />
          <p className="xs t3 num" role="status">
            {words.progress(done, Math.min(total, MOST))}
          </p>
        </>
      ) : (
        <ProblemNote error={error} />
      )}
      <div className={css.end}>
        <Button onClick={onClose}>{words.stop}</Button>
        {error !== null && (
          <Button variant="filled" onClick={onAgain}>
            {words.again}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Writes the present result as CSV, and says how far it is. */
export default function Export(props: Props) {
  const [tries, setTries] = useState(0);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={words.title(Math.min(props.total, MOST))}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <Run key={tries} {...props} onAgain={() => setTries(tries + 1)} />
    </Modal>
  );
}
