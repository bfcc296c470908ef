import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { searchCatalogOptions } from '@/api/@tanstack/react-query.gen';
import css from './adopt.module.css';
import { isName, suggestName } from './names';
import { words } from './words';

/** Whether an app that this person may see has the name; the server has the last word. */
export function useTaken(name: string): boolean | undefined {
  const [asked] = useDebouncedValue(name, 300);
  const found = useQuery({
    ...searchCatalogOptions({ query: { q: `"${asked}"`, retired: true, limit: 50 } }),
    enabled: isName(asked),
    placeholderData: keepPreviousData,
  });
  if (!isName(name) || asked !== name || found.data === undefined || found.isPlaceholderData) return undefined;
  return found.data.items.some((app) => app.name === name);
}

interface Props {
  id: string;
  value: string;
  onChange: (name: string) => void;
  taken: boolean | undefined;
  error: string | undefined;
}

/** An app's name, checked while it is typed; what would fit is one click away. */
export function NameField({ id, value, onChange, taken, error }: Props) {
  const wrong = value !== '' && !isName(value);
  const fits = suggestName(value);
  const said = wrong ? words.ask.nameWrong(fits) : taken ? words.ask.nameTaken(value) : error;
  return (
    <div>
      <TextInput
        id={id}
        label={words.ask.appName}
        description={words.ask.appNameHelp}
        value={value}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        className={css.mono ?? ''}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={said}
      />
      <div aria-live="polite">
        {!said && taken === false && <p className={`xs c-ok ${css.below}`}>{words.ask.nameFree}</p>}
        {taken && (
          <Link to={`/apps/${value}`} className={`lk xs ${css.below}`}>
            {words.ask.nameShow}
          </Link>
        )}
        {wrong && fits !== '' && fits !== value && (
          <Button size="xs" mt={6} onClick={() => onChange(fits)}>
            {words.ask.nameUse(fits)}
          </Button>
        )}
      </div>
    </div>
  );
}
