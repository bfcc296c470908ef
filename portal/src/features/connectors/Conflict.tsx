import { Button } from '@mantine/core';
import { useNow } from '@/kit/Age';
import { ago } from '@/kit/format';
import { Note } from '@/kit/states/States';
import { useNames } from '@/session/names';
import css from './connectors.module.css';
import { type Fields, sides } from './manifest';
import { conflict as says, form } from './words';

/** Two people changed the same connection: both sides, and nothing is lost. */
export function Conflict({
  before,
  mine,
  theirs,
  by,
  at,
  onMerge,
  onTake,
}: {
  before: Fields;
  mine: Fields;
  theirs: Fields;
  by: string;
  at: string;
  onMerge: () => void;
  onTake: () => void;
}) {
  const nameOf = useNames();
  const now = useNow();
  const shown = (value: string, other: string) =>
    value === '' ? <span className="t2">{says.empty}</span> : value === other ? value : <b>{value}</b>;
  return (
    <div className={css.conflict}>
      <Note tone="warn" role="alert">
        <b>{says.title(nameOf(by).displayName, ago(at, now))}.</b> {says.text}
        <table className={css.sides}>
          <thead>
            <tr>
              <th scope="col">{says.field}</th>
              <th scope="col">{says.before}</th>
              <th scope="col">{says.mine}</th>
              <th scope="col">{says.theirs}</th>
            </tr>
          </thead>
          <tbody>
            {sides(before, mine, theirs).map((side) => (
              <tr key={side.field}>
                <th scope="row">{form.labels[side.field]}</th>
                <td>{shown(side.before, side.before)}</td>
                <td>{shown(side.mine, side.before)}</td>
                <td>{shown(side.theirs, side.before)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className={css.row}>
          <Button size="xs" onClick={onMerge}>
            {says.merge}
          </Button>
          <Button size="xs" variant="subtle" onClick={onTake}>
            {says.take}
          </Button>
        </div>
      </Note>
    </div>
  );
}
