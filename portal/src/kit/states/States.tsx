import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCopy, IconInfoCircle, IconLock } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Glyph } from '@/kit/marks/Glyph';
import { type Problem, problemOf } from '@/kit/problem';
import { copy } from '@/kit/copy';
import { states as words } from '@/words/states';
import css from './states.module.css';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Nothing is here yet: what fills it, and the one button that does. */
export function Empty({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={css.state}>
      {icon && <span className="t3">{icon}</span>}
      <p>
        <b>{title}</b>
      </p>
      {children && <p className="sm t2">{children}</p>}
      {action && <div className={css.row}>{action}</div>}
    </div>
  );
}

/** Nothing is known, which is not zero. */
export function NeverMeasured({ children }: { children?: ReactNode }) {
  return (
    <Empty icon={<Glyph name="todo" size={18} />} title={words.neverMeasured} {...(children ? { children } : {})} />
  );
}

/** Not for this person; says who may. */
export function NotAllowed({ problem }: { problem: Problem }) {
  return (
    <Empty icon={<IconLock {...ICON} size={20} />} title={problem.detail}>
      {problem.fix}
    </Empty>
  );
}

/** Reading failed: what is missing, what still works, try again, the request's id. */
export function Failed({ what, error, retry }: { what: string; error: unknown; retry?: () => void }) {
  const problem = problemOf(error);
  if (problem.status === 403) return <NotAllowed problem={problem} />;
  return (
    <div className={css.state} role="alert">
      <span className="c-bad">
        <Glyph name="blocker" size={18} />
      </span>
      <p>
        <b>{words.cannotRead(what)}</b>
      </p>
      <p className="sm t2">
        {problem.detail} {problem.fix}
      </p>
      <div className={css.row}>
        {retry && (
          <Button size="xs" onClick={retry}>
            {words.tryAgain}
          </Button>
        )}
        {problem.requestId && (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<IconCopy size={14} stroke={1.75} aria-hidden />}
            onClick={() => void copy(problem.requestId, words.copied)}
          >
            {problem.requestId.slice(0, 13)}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Grey bars in about the final shape, after 300 ms. */
export function Loading({ lines = 4 }: { lines?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return <div className={css.bars} aria-busy="true" style={{ minHeight: lines * 24 }} />;
  return (
    <div className={css.bars} aria-busy="true" role="status" aria-label={words.loading}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={12} width={`${[58, 84, 72, 40][index % 4]}%`} />
      ))}
    </div>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T, unknown>;
  /** What is read, for the sentence when it fails: `the calls of the last hour`. */
  what: string;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** What a query found, or its loading and failed states. Old data stays in view while new data is read. */
export function Loaded<T>({ query, what, lines, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Failed what={what} error={query.error} retry={() => void query.refetch()} />;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}

const noteIcons = {
  warn: <IconAlertTriangle {...ICON} />,
  bad: <IconAlertTriangle {...ICON} />,
  acc: <IconInfoCircle {...ICON} />,
  ok: <IconCircleCheck {...ICON} />,
};

/** A box in the page's flow; only for what should be looked at. */
export function Note({
  tone = 'acc',
  icon,
  action,
  children,
  role,
}: {
  tone?: 'warn' | 'bad' | 'acc' | 'ok';
  icon?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  role?: string;
}) {
  return (
    <div className={css.note} data-tone={tone} role={role}>
      {icon ?? noteIcons[tone]}
      <div>{children}</div>
      {action && <div>{action}</div>}
    </div>
  );
}

/** Why something was refused, and the smallest thing that would pass. */
export function ProblemNote({ error }: { error: unknown }) {
  if (!error) return null;
  const problem = problemOf(error);
  const listed = problem.problems.length > 1 ? problem.problems : [];
  return (
    <Note tone="bad" role="alert">
      <b>{problem.detail}</b> {problem.fix}
      {listed.length > 0 && (
        <ul>
          {listed.map((item) => (
            <li key={`${item.place}${item.detail}`}>
              {item.detail} {item.fix}
            </li>
          ))}
        </ul>
      )}
      <p className="xs t3">
        <code>{problem.code}</code>
        {problem.place && (
          <>
            {' '}
            {words.at} <code>{problem.place}</code>
          </>
        )}
      </p>
    </Note>
  );
}
