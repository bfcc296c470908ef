import type { CatalogItem, FacetsView } from '@/api';
import { Age } from '@/kit/Age';
import css from './catalog.module.css';
import { lead, words } from './words';

/** The oldest moment at which anybody looked at what runs, of the apps in view. */
function oldest(apps: readonly CatalogItem[]): string | null {
  const seen = apps.flatMap((app) =>
    app.seenAt !== null && (app.runs === 'observed' || app.runs === 'executed' || app.runs === 'drifted')
      ? [app.seenAt]
      : [],
  );
  return seen.length > 0 ? seen.reduce((first, at) => (Date.parse(at) < Date.parse(first) ? at : first)) : null;
}

/** How we know what runs: counts over the whole result, and the oldest reading in view. */
export function Lead({
  facets,
  runs,
  apps,
}: {
  facets: FacetsView;
  /** What runs, if only some of it was asked for. */
  runs: readonly string[];
  apps: readonly CatalogItem[];
}) {
  const counted = facets.runs.filter((item) => runs.length === 0 || runs.includes(item.value));
  const first = oldest(apps);
  return (
    <span className={css.lead}>
      {lead(Object.fromEntries(counted.map((item) => [item.value, item.count])))}
      {first && (
        <>
          {' '}
          {words.oldest} <Age at={first} />.
        </>
      )}
    </span>
  );
}
