import { Button } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { listViewsOptions } from '@/api/@tanstack/react-query.gen';
import { FilterDrawer } from '@/kit/list/FilterDrawer';
import { goTo } from '@/kit/list/rows';
import { Page } from '@/kit/page/Page';
import { TabLinks } from '@/kit/page/Parts';
import { problemOf } from '@/kit/problem';
import { Failed, Loading } from '@/kit/states/States';
import { patient } from '@/live/patient';
import { useMay } from '@/session/me';
import { useNames } from '@/session/names';
import css from './catalog.module.css';
import { useChoices } from './columns';
import { Facets } from './Facets';
import { facetCount, type Filters, NOTHING, toggled } from './filters';
import { Found } from './Found';
import { Lead } from './Lead';
import { SaveView } from './SaveView';
import { SearchBox } from './SearchBox';
import { title } from './title';
import { ColumnsMenu, SortMenu } from './Tools';
import { type Answer, useCatalog } from './useCatalog';
import { keptView, tabsOf } from './views';
import { words } from './words';

const Export = lazy(() => patient(() => import('./Export')));
const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

function useTitle(answer: Answer | undefined): string {
  const nameOf = useNames();
  if (!answer) return words.name;
  const { filters, found } = answer;
  const retired = found.facets.stage.find((item) => item.value === 'retired')?.count ?? 0;
  return title(
    { filters, total: found.total, views: found.views, retired, similar: found.matched === 'similar' },
    (name) => nameOf(name).displayName,
  );
}

function Actions({ onExport }: { onExport: (() => void) | undefined }) {
  const may = useMay();
  return (
    <>
      {onExport && (
        <Button size="xs" variant="subtle" leftSection={<IconDownload {...ICON} />} onClick={onExport}>
          {words.export}
        </Button>
      )}
      {may('app:write') && (
        <Button size="xs" variant="filled" component={Link} to="/new" leftSection={<IconPlus {...ICON} />}>
          {words.newApp}
        </Button>
      )}
    </>
  );
}

/** Every app that one may see: search, views, filters, and what needs a look first. */
export default function CatalogPage() {
  const { filters, query, answer, change, turn, page, knowsPrevious } = useCatalog();
  const nameOf = useNames();
  const views = useQuery(listViewsOptions()).data?.items ?? [];
  const [choices, setChoices] = useChoices();
  const [drawer, setDrawer] = useState(false);
  const [exporting, setExporting] = useState(false);
  const said = useTitle(answer);
  useHotkeys([
    ['j', () => void goTo(1)],
    ['k', () => void goTo(-1)],
  ]);
  const found = answer?.found;
  const tabs = found && tabsOf(filters, found.views, views);
  const on = facetCount(filters);
  const toSearchBox = () => document.querySelector<HTMLInputElement>(`.${css.search} input`)?.focus();
  const toggle = (facet: Parameters<typeof toggled>[1], value: string) => change(toggled(filters, facet, value));
  const show = (next: Filters) => change(next);
  // A cursor that is none any more is not asked for again.
  const again = () => {
    const { status } = problemOf(query.error);
    if (page > 1 && status >= 400 && status < 500) change(filters, true);
    else void query.refetch();
  };

  return (
    <Page
      wide
      name={words.name}
      title={said}
      lead={
        found ? (
          <Lead facets={found.facets} runs={answer.filters.runs} apps={found.items} />
        ) : (
          <span className={css.lead} />
        )
      }
      actions={<Actions onExport={found && found.total > 0 ? () => setExporting(true) : undefined} />}
    >
      <span className="sr" role="status">
        {answer ? said : ''}
      </span>
      <div className={`${css.bar} no-print`}>
        <SearchBox
          q={filters.q}
          onSearch={(q) => change({ ...filters, q }, filters.q !== '' && q !== '')}
          onDown={() => void goTo('first')}
        />
        <Button
          className={css.filter}
          leftSection={<IconAdjustmentsHorizontal {...ICON} />}
          onClick={() => setDrawer(true)}
          rightSection={
            on > 0 ? (
              <span className={css.on}>
                {on}
                <span className="sr"> {words.on}</span>
              </span>
            ) : null
          }
        >
          {words.filter}
        </Button>
        <div className={css.tools}>
          <SortMenu sort={filters.sort} onSort={(sort) => change({ ...filters, sort })} />
          <ColumnsMenu choices={choices} onChoose={setChoices} />
          <SaveView
            filters={filters}
            views={views}
            current={keptView(filters, views)}
            onRemoved={() => change(NOTHING)}
          />
        </div>
      </div>
      {tabs && (
        <div className={`${css.tabs} no-print`}>
          <TabLinks label={words.view} items={tabs.items} />
        </div>
      )}
      <div className={css.grid}>
        <aside className={`${css.side} no-print`} aria-label={words.facetsLabel}>
          {found && <Facets filters={filters} facets={found.facets} onToggle={toggle} />}
        </aside>
        <div className={css.main}>
          {query.isError && !query.isPlaceholderData && query.data === undefined ? (
            <Failed what={words.failed} error={query.error} retry={again} />
          ) : answer ? (
            <Found
              answer={answer}
              now={filters}
              old={query.isPlaceholderData}
              ownTab={tabs?.own ?? false}
              choices={choices}
              page={page}
              knowsPrevious={knowsPrevious}
              nameOf={(name) => nameOf(name).displayName}
              onChange={show}
              onTurn={turn}
              onUp={toSearchBox}
            />
          ) : (
            <Loading lines={12} />
          )}
        </div>
      </div>
      {found && drawer && (
        <FilterDrawer
          title={words.facetsLabel}
          close={words.closeFilter}
          show={words.showFound(found.total)}
          onClose={() => setDrawer(false)}
        >
          <Facets filters={filters} facets={found.facets} onToggle={toggle} />
        </FilterDrawer>
      )}
      {found && exporting && (
        <Suspense>
          <Export filters={answer.filters} total={found.total} onClose={() => setExporting(false)} />
        </Suspense>
      )}
    </Page>
  );
}
