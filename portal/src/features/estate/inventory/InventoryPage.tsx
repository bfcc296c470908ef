import { Button, Checkbox, CloseButton, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import css from '@/features/catalog/catalog.module.css';
import { ChipList } from '@/kit/list/ChipList';
import { FilterDrawer } from '@/kit/list/FilterDrawer';
import { Pager } from '@/kit/list/Pager';
import { goTo } from '@/kit/list/rows';
import { useTyped } from '@/kit/list/typed';
import { Page } from '@/kit/page/Page';
import { Card, TabLinks } from '@/kit/page/Parts';
import { Empty, Failed, Loading } from '@/kit/states/States';
import { Lists } from '../Lists';
import { inventory as words, words as estate } from '../words';
import { type Counts, Facets, useValueName } from './Facets';
import { type Facet, facetCount, FACETS, type Filters, isAll, NOTHING, toggled, toSearch } from './filters';
import { Rows } from './Rows';
import { useInventory } from './useInventory';

const WAIT_MS = 200;

/** What is typed is asked for when the person pauses; the address follows. */
function Search({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const { input, text, setText } = useTyped(q, onSearch, WAIT_MS);
  return (
    <search className={css.search}>
      <TextInput
        ref={input}
        type="text"
        inputMode="search"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        aria-label={words.search}
        placeholder={words.placeholder}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            goTo('first');
          } else if (event.key === 'Escape' && text) setText('');
        }}
        leftSection={<IconSearch size={14} stroke={1.75} aria-hidden />}
        rightSection={
          text && (
            <CloseButton
              size="sm"
              aria-label={words.clearSearch}
              onClick={() => {
                setText('');
                input.current?.focus();
              }}
            />
          )
        }
      />
    </search>
  );
}

function Chips({ filters, onChange }: { filters: Filters; onChange: (next: Filters) => void }) {
  const valueName = useValueName();
  const chips = FACETS.flatMap((facet) =>
    filters[facet].map((value) => ({
      label: `${words.facets[facet]}: ${valueName(facet, value)}`,
      without: toggled(filters, facet, value),
    })),
  );
  if (filters.gone) chips.push({ label: words.withGone, without: { ...filters, gone: false } });
  return (
    <ChipList
      chips={chips.map(({ label, without }) => ({ label, remove: () => onChange(without) }))}
      words={words}
      onClear={() => onChange({ ...NOTHING, q: filters.q, registered: filters.registered })}
    />
  );
}

/** Everything that was read: filtered on the server, the filters in the address. */
export default function InventoryPage() {
  const { filters, query, answer, change, turn, knowsPrevious } = useInventory();
  const [drawer, setDrawer] = useState(false);
  useHotkeys([
    ['j', () => void goTo(1)],
    ['k', () => void goTo(-1)],
  ]);
  const found = answer?.found;
  const counts = (found?.facets ?? {}) as Counts;
  const title = found ? words.title(found.total, !isAll(answer.filters)) : words.name;
  const on = facetCount(filters);
  const registered = (value: string) =>
    (counts['registered'] ?? []).find((item) => item.value === (value === 'true' ? 'yes' : 'no'))?.count ?? 0;
  const tabs = (['', 'false', 'true'] as const).map((value) => ({
    label: words.tabs[value || 'all'],
    to: '/estate/definitions',
    search: toSearch({ ...filters, registered: value }),
    active: filters.registered === value,
    ...(found ? { count: value ? registered(value) : registered('true') + registered('false') } : {}),
  }));
  const facets = (
    <>
      <Facets
        filters={filters}
        counts={counts}
        onToggle={(facet: Facet, value) => change(toggled(filters, facet, value))}
      />
      <Checkbox
        mt={16}
        label={words.withGone}
        checked={filters.gone}
        onChange={(event) => change({ ...filters, gone: event.currentTarget.checked })}
      />
    </>
  );
  return (
    <Page wide name={words.name} title={title} lead={words.lead} crumbs={[{ label: estate.name, to: '/estate' }]}>
      <Lists />
      <span className="sr" role="status">
        {answer ? title : ''}
      </span>
      <div className={`${css.bar} no-print`}>
        <Search q={filters.q} onSearch={(q) => change({ ...filters, q }, filters.q !== '' && q !== '')} />
        <Button
          className={css.filter}
          leftSection={<IconAdjustmentsHorizontal size={14} stroke={1.75} aria-hidden />}
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
      </div>
      <div className={`${css.tabs} no-print`}>
        <TabLinks label={words.views} items={tabs} />
      </div>
      <div className={css.grid}>
        <aside className={`${css.side} no-print`} aria-label={words.filters}>
          {found && facets}
        </aside>
        <div className={css.main}>
          <Chips filters={filters} onChange={change} />
          {query.isError && !answer ? (
            <Failed what={words.what} error={query.error} retry={() => void query.refetch()} />
          ) : !answer || !found ? (
            <Loading lines={12} />
          ) : found.items.length === 0 ? (
            <Card>
              <Empty
                title={isAll(answer.filters) ? estate.emptyTitle : words.none}
                action={!isAll(answer.filters) && <Button onClick={() => change(NOTHING)}>{words.clear}</Button>}
              >
                {isAll(answer.filters) ? estate.emptyLead : ''}
              </Empty>
            </Card>
          ) : (
            <>
              <Rows
                items={found.items}
                old={query.isPlaceholderData}
                onUp={() => document.querySelector<HTMLInputElement>(`.${css.search} input`)?.focus()}
              />
              <Pager
                page={answer.page}
                rows={found.items.length}
                total={found.total}
                more={Boolean(found.next)}
                knowsPrevious={knowsPrevious}
                busy={query.isPlaceholderData}
                words={words}
                onTurn={turn}
              />
            </>
          )}
        </div>
      </div>
      {found && drawer && (
        <FilterDrawer
          title={words.filters}
          close={words.closeFilter}
          show={words.show(found.total)}
          onClose={() => setDrawer(false)}
        >
          {facets}
        </FilterDrawer>
      )}
    </Page>
  );
}
