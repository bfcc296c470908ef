import { Link } from '@tanstack/react-router';
import type { QueuedView } from '@/api';
import { Age, Day } from '@/kit/Age';
import { TimeLeft } from '@/kit/Clock';
import { Who } from '@/kit/marks/Who';
import { type Column, Table } from '@/kit/Table';
import { useNames } from '@/session/names';
import { Deciders } from './Deciders';
import { OutcomeMark } from './OutcomeMark';
import css from './queue.module.css';
import { queue as words } from './words';

/** The version and what is said about it: what it asks while it is open, why it was decided so afterwards. */
function Named({ review }: { review: QueuedView }) {
  const nameOf = useNames();
  const said = review.reason || review.note;
  return (
    <span className={css.named}>
      <Link to={`/reviews/${review.id}`}>{words.version(review.app, review.number)}</Link>
      <span className={css.note}>{said ? `“${said}”` : words.noNote}</span>
      <span className={`only-n ${css.note}`}>
        {nameOf(review.decidedBy || review.submittedBy).displayName},{' '}
        <Age at={review.decidedAt ?? review.submittedAt} />
      </span>
    </span>
  );
}

const named: Column<QueuedView> = {
  key: 'app',
  head: words.columns.app,
  cell: (review) => <Named review={review} />,
};
const environment: Column<QueuedView> = {
  key: 'environment',
  head: words.columns.environment,
  cell: (review) => review.environment,
  wide: true,
};
const submitter: Column<QueuedView> = {
  key: 'submitter',
  head: words.columns.submitter,
  cell: (review) => (
    <span className={css.two}>
      <Who name={review.submittedBy} />
      <span className={`xs t3 ${css.below}`}>
        <Age at={review.submittedAt} />
      </span>
    </span>
  ),
  wide: true,
};

const open: Column<QueuedView>[] = [
  named,
  environment,
  submitter,
  {
    key: 'deciders',
    head: words.columns.deciders,
    cell: (review) => <Deciders review={review} />,
    wide: true,
  },
  {
    key: 'left',
    head: words.columns.left,
    cell: (review) => (
      <span className={css.left}>
        <TimeLeft until={review.dueAt} />
      </span>
    ),
    right: true,
  },
];

const decided: Column<QueuedView>[] = [
  named,
  environment,
  submitter,
  {
    key: 'decided',
    head: words.columns.decided,
    cell: (review) => (
      <span className={css.two}>
        <Who name={review.decidedBy} />
        {review.decidedAt && (
          <span className={`xs t3 ${css.below}`}>
            <Day at={review.decidedAt} />
          </span>
        )}
      </span>
    ),
    wide: true,
  },
  { key: 'outcome', head: words.columns.outcome, cell: (review) => <OutcomeMark outcome={review.outcome} /> },
];

/** Reviews in rows: open ones with the time that is left, decided ones with how they ended. */
export function ReviewTable({
  label,
  items,
  kind,
}: {
  label: string;
  items: readonly QueuedView[];
  kind: 'open' | 'decided';
}) {
  return (
    <Table label={label} columns={kind === 'open' ? open : decided} rows={items} id={(review) => review.id} tall />
  );
}
