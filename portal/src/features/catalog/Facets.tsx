import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { FacetsView } from '@/api';
import { number } from '@/kit/format';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { DataClass, Stage } from '@/kit/marks/Marks';
import { Runs, type RunsKind } from '@/kit/marks/Runs';
import css from './catalog.module.css';
import { type Facet, FACETS, type Filters, LEVELS, RUNS, STAGES } from './filters';
import { valueName, words } from './words';

/** More values than this wait behind a button. */
const FEW = 8;

const ordered: Partial<Record<Facet, readonly string[]>> = { stage: STAGES, runs: RUNS, dataClass: [...LEVELS, ''] };

function Mark({ facet, value }: { facet: Facet; value: string }) {
  if (facet === 'stage') return <Stage stage={value} />;
  if (facet === 'runs') return <Runs kind={value as RunsKind} />;
  if (facet === 'dataClass') return <DataClass level={value} />;
  if (facet === 'platform') return <BuiltOn platform={value} />;
  return <>{valueName(facet, value)}</>;
}

/** Values with their counts: in a fixed order where there is one, else the most frequent first. */
function rowsOf(facet: Facet, counts: FacetsView[Facet], chosen: readonly string[]): (readonly [string, number])[] {
  const byValue = new Map(counts.map((item) => [item.value, item.count]));
  const fixed = ordered[facet];
  const values = fixed
    ? fixed.filter((value) => byValue.has(value) || chosen.includes(value))
    : [...byValue.keys(), ...chosen.filter((value) => !byValue.has(value))];
  return values.map((value) => [value, byValue.get(value) ?? 0] as const);
}

interface Props {
  filters: Filters;
  facets: FacetsView;
  onToggle: (facet: Facet, value: string) => void;
}

function Values({ facet, filters, facets, onToggle }: Props & { facet: Facet }) {
  const [all, setAll] = useState(false);
  const chosen = filters[facet];
  const rows = rowsOf(facet, facets[facet], chosen);
  if (rows.length === 0) return null;
  const shown = all ? rows : rows.filter(([value], index) => index < FEW || chosen.includes(value));
  return (
    <fieldset>
      <legend>{words.facets[facet]}</legend>
      {shown.map(([value, count]) => (
        <label key={value} data-none={count === 0 || undefined}>
          <Checkbox checked={chosen.includes(value)} onChange={() => onToggle(facet, value)} />
          <span className={css.value}>
            <Mark facet={facet} value={value} />
          </span>
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

/** What a result can be narrowed by; counts are of what each click would show. */
export function Facets(props: Props) {
  return (
    <div className={css.facets}>
      {FACETS.map((facet) => (
        <Values key={facet} facet={facet} {...props} />
      ))}
    </div>
  );
}
