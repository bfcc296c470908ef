import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { listDirectoryOptions } from '@/api/@tanstack/react-query.gen';
import { fields as words } from '@/words/fields';

interface Props {
  label: string;
  description?: ReactNode;
  value: string;
  onChange: (name: string) => void;
  error?: ReactNode;
  /** Names that cannot be chosen. */
  without?: readonly string[];
  required?: boolean;
  id?: string;
}

/** Choose somebody who can sign in, by how they are called or by their sign-in name. */
export function PersonPicker({ label, description, value, onChange, error, without = [], required, id }: Props) {
  const { data } = useQuery({ ...listDirectoryOptions(), staleTime: 60_000 });
  const people = (data?.items ?? [])
    .filter((person) => person.name === value || (person.active && !without.includes(person.name)))
    .map((person) => ({
      value: person.name,
      label:
        person.displayName && person.displayName !== person.name
          ? `${person.displayName} (${person.name})`
          : person.name,
    }));
  return (
    <Select
      {...(id ? { id } : {})}
      label={label}
      description={description}
      placeholder={words.personHint}
      data={people}
      value={value || null}
      onChange={(name) => onChange(name ?? '')}
      error={error}
      // What is written next replaces the choice instead of being added to its name.
      onClick={(event) => event.currentTarget.select()}
      searchable
      clearable={!required}
      clearButtonProps={{ 'aria-label': words.clear(label) }}
      nothingFoundMessage={words.personNone}
      limit={50}
      withAsterisk={false}
    />
  );
}
