import { Spotlight, spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconApps, IconFileImport, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { listAppsOptions } from '@/api/@tanstack/react-query.gen';
import { useMay } from '@/session/me';
import { palette as words } from '@/words/palette';
import { places } from './navigation';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

export const openPalette = (): void => spotlight.open();

/** Ctrl K: every place, every act, every app. */
export default function Palette() {
  const navigate = useNavigate();
  const may = useMay();
  const [query, setQuery] = useState('');
  const { data } = useQuery({ ...listAppsOptions(), enabled: query.length > 0, staleTime: 30_000 });
  const go = (to: string) => () => void navigate({ to });
  const wanted = query.toLowerCase();
  const acts: SpotlightActionData[] = [
    ...(may('app:write')
      ? [
          { id: 'adopt', label: words.adopt, leftSection: <IconFileImport {...ICON} />, onClick: go('/adopt') },
          { id: 'new', label: words.newApp, leftSection: <IconPlus {...ICON} />, onClick: go('/new') },
        ]
      : []),
    ...places
      .filter((place) => place.needs === undefined || may(place.needs))
      .map(({ to, label, icon: Icon }) => ({ id: to, label, leftSection: <Icon {...ICON} />, onClick: go(to) })),
  ].filter((act) => act.label.toLowerCase().includes(wanted));
  const apps: SpotlightActionData[] = (data?.items ?? [])
    .filter((app) => `${app.name} ${app.title} ${app.purpose}`.toLowerCase().includes(wanted))
    .slice(0, 8)
    .map((app) => ({
      id: `app-${app.name}`,
      label: app.name,
      description: app.purpose,
      leftSection: <IconApps {...ICON} />,
      onClick: go(`/apps/${app.name}`),
    }));
  return (
    <Spotlight
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      filter={(_, actions) => actions}
      actions={[
        ...(apps.length > 0 && wanted ? [{ group: words.apps, actions: apps }] : []),
        { group: words.go, actions: acts },
      ]}
      nothingFound={words.nothing}
      searchProps={{
        leftSection: <IconSearch {...ICON} />,
        placeholder: words.placeholder,
        'aria-label': words.placeholder,
      }}
      scrollable
      maxHeight={420}
    />
  );
}
