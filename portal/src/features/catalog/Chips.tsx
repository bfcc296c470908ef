import { ChipList } from '@/kit/list/ChipList';
import { FACETS, type Filters, NOTHING, toggled } from './filters';
import { valueName, words } from './words';

interface Chip {
  label: string;
  without: Filters;
}

/** Filters that are on and that no tab shows. */
function chipsOf(filters: Filters, tab: boolean, nameOf: (name: string) => string): Chip[] {
  const found: Chip[] = FACETS.flatMap((facet) =>
    filters[facet].map((value) => ({
      label: `${words.facets[facet]}: ${valueName(facet, value)}`,
      without: toggled(filters, facet, value),
    })),
  );
  if (tab) return found;
  if (filters.owner) {
    const owner = filters.owner === 'me' ? words.views.mine : nameOf(filters.owner);
    found.push({ label: owner, without: { ...filters, owner: '' } });
  }
  for (const flag of filters.flag) {
    found.push({
      label: words.views[flag],
      without: { ...filters, flag: filters.flag.filter((item) => item !== flag) },
    });
  }
  return found;
}

interface Props {
  filters: Filters;
  /** Whether a tab stands for the owner and the flags. */
  tab: boolean;
  nameOf: (name: string) => string;
  onChange: (next: Filters) => void;
}

export function Chips({ filters, tab, nameOf, onChange }: Props) {
  const kept = tab ? { owner: filters.owner, flag: filters.flag } : {};
  return (
    <ChipList
      chips={chipsOf(filters, tab, nameOf).map(({ label, without }) => ({ label, remove: () => onChange(without) }))}
      words={words}
      onClear={() => onChange({ ...NOTHING, q: filters.q, sort: filters.sort, ...kept })}
    />
  );
}
