import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import css from '@/features/catalog/catalog.module.css';
import { titled } from '@/features/flow/system';
import { plain } from '@/features/flow/graph';
import { number } from '@/kit/format';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { useNames } from '@/session/names';
import { inventory as words } from '../words';
import { type Facet, FACETS, type Filters, NOBODY, RISKS } from './filters';

/** More values than this wait behind a button. */
const FEW = 8;

export type Counts = Readonly<Record<string, readonly { value: string; count: number }[]>>;

/** How a value of a facet is called. */
export function useValueName(): (facet: Facet, value: string) => string {
  const nameOf = useNames();
  return (facet, value) => {
    if (facet === 'risk') return words.risk[value] ?? value;
    if (facet === 'connector') return plain(titled(value), 60);
    if (facet === 'owner') return value && value !== NOBODY ? nameOf(value).displayName : words.nobody;
    return plain(value, 60) || words.nobody;
  };
}

interface Props {
  filters: Filters;
  counts: Counts;
  onToggle: (facet: Facet, value: string) => void;
}

function Values({ facet, filters, counts, onToggle }: Props & { facet: Facet }) {
  const [all, setAll] = useState(false);
  const valueName = useValueName();
  const chosen = filters[facet];
  const byValue = new Map((counts[facet] ?? []).map((item) => [item.value, item.count]));
  const values =
    facet === 'risk'
      ? RISKS.filter((risk) => (byValue.get(risk) ?? 0) > 0 || chosen.includes(risk))
      : [...byValue.keys(), ...chosen.filter((value) => !byValue.has(value))];
  // One value of everything is no choice.
  if (values.length === 0 || (values.length === 1 && chosen.length === 0 && facet !== 'risk')) return null;
  const shown = all ? values : values.filter((value, index) => index < FEW || chosen.includes(value));
  return (
    <fieldset>
      <legend>{words.facets[facet]}</legend>
      {shown.map((value) => {
        const count = byValue.get(value) ?? 0;
        return (
          <label key={value} data-none={count === 0 || undefined}>
            <Checkbox checked={chosen.includes(value)} onChange={() => onToggle(facet, value)} />
            <span className={css.value}>
              {facet === 'platform' ? <BuiltOn platform={value} /> : valueName(facet, value)}
            </span>
            <span className={css.n}>{number(count)}</span>
          </label>
        );
      })}
      {values.length > FEW && (
        <button type="button" className={`lk xs ${css.plain}`} onClick={() => setAll(!all)} aria-expanded={all}>
          {all ? words.fewerValues : words.moreValues(values.length)}
        </button>
      )}
    </fieldset>
  );
}

/** What the inventory can be narrowed by; counts are of what each click would show. */
export function Facets(props: Props) {
  return (
    <div className={css.facets}>
      {FACETS.map((facet) => (
        <Values key={facet} facet={facet} {...props} />
      ))}
    </div>
  );
}
