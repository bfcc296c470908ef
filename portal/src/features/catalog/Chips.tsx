import { IconX } from '@tabler/icons-react';
import css from './catalog.module.css';
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
  const chips = chipsOf(filters, tab, nameOf);
  if (chips.length === 0) return null;
  const kept = tab ? { owner: filters.owner, flag: filters.flag } : {};
  return (
    <ul className={`${css.chips} no-print`} aria-label={words.active}>
      {chips.map((chip) => (
        <li key={chip.label}>
          <button type="button" aria-label={words.remove(chip.label)} onClick={() => onChange(chip.without)}>
            {chip.label}
            <IconX size={12} stroke={2} aria-hidden />
          </button>
        </li>
      ))}
      <li>
        <button
          type="button"
          className={`lk ${css.plain}`}
          onClick={() => onChange({ ...NOTHING, q: filters.q, sort: filters.sort, ...kept })}
        >
          {words.clear}
        </button>
      </li>
    </ul>
  );
}
