import { Checkbox } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { number } from '@/kit/format';
import css from './list.module.css';

/** More values than this wait behind a button. */
const FEW = 8;

interface Props {
  legend: string;
  /** Values with how many rows each would leave, in their order. */
  rows: readonly (readonly [value: string, count: number])[];
  chosen: readonly string[];
  /** How a value looks. */
  show: (value: string) => ReactNode;
  words: { moreValues: (n: number) => string; fewerValues: string };
  onToggle: (value: string) => void;
}

/** Values that a list can be narrowed by. */
export function Choices({ legend, rows, chosen, show, words, onToggle }: Props) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return null;
  const shown = all ? rows : rows.filter(([value], index) => index < FEW || chosen.includes(value));
  return (
    <fieldset>
      <legend>{legend}</legend>
      {shown.map(([value, count]) => (
        <label key={value} data-none={count === 0 || undefined}>
          <Checkbox checked={chosen.includes(value)} onChange={() => onToggle(value)} />
          <span className={css.value}>{show(value)}</span>
          <span className={css.n}>{number(count)}</span>
        </label>
      ))}
      {rows.length > FEW && (
        <button type="button" className={`lk xs ${css.plain}`} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? words.fewerValues : words.moreValues(rows.length)}
        </button>
      )}
    </fieldset>
  );
}

/** Room for several `Choices`. */
export function AllChoices({ children }: { children: ReactNode }) {
  return <div className={css.facets}>{children}</div>;
}
