import { Button, Checkbox, CloseButton, Drawer, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import css from '@/features/catalog/catalog.module.css';
import { goTo } from '@/features/catalog/Rows';
import { Page } from '@/kit/page/Page';
import { Card, TabLinks } from '@/kit/page/Parts';
import { Empty, Failed, Loading } from '@/kit/states/States';
import { Lists } from '../Lists';
import { inventory as words, words as estate } from '../words';
import { type Counts, Facets, useValueName } from './Facets';
import { type Facet, facetCount, FACETS, type Filters, isAll, NOTHING, toggled, toSearch } from './filters';
import { Rows } from './Rows';
import { PAGE, useInventory } from './useInventory';

const WAIT_MS = 200;

/** What is typed is asked for when the person pauses; the address follows. */
function Search({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(q);
  const asked = useRef(q);
  useEffect(() => {
    // The back button or a cleared filter changed it, not the typing.
    if (q !== asked.current) {
      asked.current = q;
      setText(q);
    }
  }, [q]);
  const search = useRef(onSearch);
  useEffect(() => {
    search.current = onSearch;
  });
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text === asked.current) return;
      asked.current = text;
      search.current(text);
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useHotkeys([['/', () => input.current?.select()]]);
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
  if (chips.length === 0) return null;
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
          onClick={() => onChange({ ...NOTHING, q: filters.q, registered: filters.registered })}
        >
          {words.clear}
        </button>
      </li>
    </ul>
  );
}

/** Everything that was read: filtered on the server, the filters in the address. */
export default function InventoryPage() {
  const { filters, query, answer, change, turn, page, knowsPrevious } = useInventory();
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
  const from = (answer ? answer.page - 1 : 0) * PAGE + 1;
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
              <nav className={css.pager} aria-label={words.pages}>
                <span className="t3 xs num">{words.range(from, from + found.items.length - 1, found.total)}</span>
                {(page > 1 || found.next) && (
                  <span className={`${css.group} no-print`}>
                    <Button size="xs" disabled={page === 1 || query.isPlaceholderData} onClick={() => turn(false)}>
                      {knowsPrevious ? words.previous : words.first}
                    </Button>
                    <Button size="xs" disabled={!found.next || query.isPlaceholderData} onClick={() => turn(true)}>
                      {words.next}
                    </Button>
                  </span>
                )}
              </nav>
            </>
          )}
        </div>
      </div>
      {found && drawer && (
        <Drawer
          opened
          onClose={() => setDrawer(false)}
          position="bottom"
          size="85%"
          title={words.filters}
          closeButtonProps={{ 'aria-label': words.closeFilter }}
        >
          {facets}
          <div className={css.drawerFoot}>
            <Button fullWidth variant="filled" onClick={() => setDrawer(false)}>
              {words.show(found.total)}
            </Button>
          </div>
        </Drawer>
      )}
    </Page>
  );
}
