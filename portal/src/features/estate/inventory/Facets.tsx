import { titled } from '@/features/flow/system';
import { plain } from '@/features/flow/graph';
import { AllChoices, Choices } from '@/kit/list/Choices';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { useNames } from '@/session/names';
import { inventory as words } from '../words';
import { type Facet, FACETS, type Filters, NOBODY, RISKS } from './filters';

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

/** Values with their counts; none where there is nothing to choose. */
function rowsOf(facet: Facet, counts: Counts, chosen: readonly string[]): (readonly [string, number])[] {
  const byValue = new Map((counts[facet] ?? []).map((item) => [item.value, item.count]));
  const values =
    facet === 'risk'
      ? RISKS.filter((risk) => (byValue.get(risk) ?? 0) > 0 || chosen.includes(risk))
      : [...byValue.keys(), ...chosen.filter((value) => !byValue.has(value))];
  // One value of everything is no choice.
  if (values.length === 1 && chosen.length === 0 && facet !== 'risk') return [];
  return values.map((value) => [value, byValue.get(value) ?? 0] as const);
}

/** What the inventory can be narrowed by; counts are of what each click would show. */
export function Facets({ filters, counts, onToggle }: Props) {
  const valueName = useValueName();
  return (
    <AllChoices>
      {FACETS.map((facet) => (
        <Choices
          key={facet}
          legend={words.facets[facet]}
          rows={rowsOf(facet, counts, filters[facet])}
          chosen={filters[facet]}
          show={(value) => (facet === 'platform' ? <BuiltOn platform={value} /> : valueName(facet, value))}
          words={words}
          onToggle={(value) => onToggle(facet, value)}
        />
      ))}
    </AllChoices>
  );
}
