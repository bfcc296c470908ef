import { Autocomplete, Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listActionsOptions, listDirectoryOptions } from '@/api/@tanstack/react-query.gen';
import css from './audit.module.css';
import { familiesOf, type Filters, isNarrowed, none } from './filters';
import { words } from './words';

/** Which events are wanted: choices count at once, typed words by Enter or on leaving the field. */
export function FilterForm({ filters, onChange }: { filters: Filters; onChange: (changes: Partial<Filters>) => void }) {
  const actions = useQuery({ ...listActionsOptions(), staleTime: 60_000 });
  const people = useQuery({ ...listDirectoryOptions(), staleTime: 60_000 });
  const [typed, setTyped] = useState({ q: filters.q, actor: filters.actor, app: filters.app });
  const apply = () => onChange({ q: typed.q.trim(), actor: typed.actor.trim(), app: typed.app.trim() });
  const families = familiesOf(actions.data?.items ?? []);
  const chosen = filters.action !== '' && !families.includes(filters.action) ? [filters.action] : [];
  return (
    <form
      className={`${css.filters} no-print`}
      role="search"
      aria-label={words.filter}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <TextInput
        label={words.search}
        placeholder={words.searchHint}
        value={typed.q}
        onChange={(event) => setTyped({ ...typed, q: event.currentTarget.value })}
        onBlur={apply}
      />
      <Autocomplete
        label={words.actor}
        placeholder={words.anyone}
        data={people.data?.items.map((person) => person.name) ?? []}
        limit={8}
        autoCapitalize="none"
        spellCheck={false}
        value={typed.actor}
        onChange={(actor) => setTyped({ ...typed, actor })}
        onOptionSubmit={(actor) => onChange({ actor })}
        onBlur={apply}
      />
      <TextInput
        label={words.app}
        placeholder={words.anyApp}
        autoCapitalize="none"
        spellCheck={false}
        value={typed.app}
        onChange={(event) => setTyped({ ...typed, app: event.currentTarget.value })}
        onBlur={apply}
      />
      <NativeSelect
        label={words.action}
        value={filters.action}
        onChange={(event) => onChange({ action: event.currentTarget.value })}
        data={[
          { value: '', label: words.every },
          ...[...families, ...chosen].map((value) => ({ value, label: words.families[value] ?? value })),
        ]}
      />
      <NativeSelect
        label={words.range}
        value={filters.range}
        onChange={(event) => onChange({ range: event.currentTarget.value })}
        data={words.ranges}
      />
      <div className={css.acts}>
        <Button type="submit">{words.find}</Button>
        {isNarrowed(filters) && (
          <Button
            variant="subtle"
            onClick={() => {
              setTyped({ q: '', actor: '', app: '' });
              onChange(none);
            }}
          >
            {words.clear}
          </Button>
        )}
      </div>
      {filters.range === 'days' && (
        <div className={css.days}>
          <TextInput
            type="date"
            label={words.from}
            value={filters.from}
            onChange={(event) => onChange({ from: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label={words.until}
            value={filters.until}
            onChange={(event) => onChange({ until: event.currentTarget.value })}
          />
        </div>
      )}
    </form>
  );
}
