import { Autocomplete, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listEnvironmentsOptions, searchCatalogOptions } from '@/api/@tanstack/react-query.gen';
import css from './sources.module.css';
import { form as says } from './words';

const ORDER = ['label', 'input', 'description', 'error'] as const;
const SHOWN = 20;

export interface AppChoice {
  app: string;
  environment: string;
  part: string;
}

/** Which app to watch, in which environment and which part of the builder. */
export function AppFields({
  value,
  onChange,
  error,
}: {
  value: AppChoice;
  onChange: (changes: Partial<AppChoice>) => void;
  error: string | undefined;
}) {
  const [typed, setTyped] = useState(value.app);
  const found = useQuery({
    ...searchCatalogOptions({ query: { q: typed, limit: SHOWN } }),
    placeholderData: (had) => had,
  });
  const environments = useQuery(listEnvironmentsOptions());
  return (
    <>
      <Autocomplete
        label={says.app}
        description={says.appHint}
        inputWrapperOrder={[...ORDER]}
        data={[...new Set(found.data?.items.map((app) => app.name))]}
        // The catalog has filtered already, by title and purpose too.
        filter={({ options }) => options}
        autoCapitalize="none"
        spellCheck={false}
        value={value.app}
        onChange={(app) => {
          setTyped(app);
          onChange({ app });
        }}
        error={error}
      />
      <div className={css.two}>
        <NativeSelect
          label={says.environment}
          value={value.environment}
          onChange={(event) => onChange({ environment: event.currentTarget.value })}
          data={environments.data?.items.map((each) => each.name) ?? [value.environment]}
        />
        <TextInput
          label={says.part}
          description={says.partHint}
          inputWrapperOrder={[...ORDER]}
          spellCheck={false}
          value={value.part}
          onChange={(event) => onChange({ part: event.currentTarget.value })}
        />
      </div>
    </>
  );
}
