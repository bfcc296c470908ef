import type { FacetsView } from '@/api';
import { AllChoices, Choices } from '@/kit/list/Choices';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { DataClass, Stage } from '@/kit/marks/Marks';
import { Runs, type RunsKind } from '@/kit/marks/Runs';
import { type Facet, FACETS, type Filters, LEVELS, RUNS, STAGES } from './filters';
import { valueName, words } from './words';

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

/** What a result can be narrowed by; counts are of what each click would show. */
export function Facets({ filters, facets, onToggle }: Props) {
  return (
    <AllChoices>
      {FACETS.map((facet) => (
        <Choices
          key={facet}
          legend={words.facets[facet]}
          rows={rowsOf(facet, facets[facet], filters[facet])}
          chosen={filters[facet]}
          show={(value) => <Mark facet={facet} value={value} />}
          words={words}
          onToggle={(value) => onToggle(facet, value)}
        />
      ))}
    </AllChoices>
  );
}
