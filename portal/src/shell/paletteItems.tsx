import { useDebouncedValue } from '@mantine/hooks';
import {
  IconApps,
  IconFileImport,
  IconKey,
  IconLayoutGrid,
  IconPlug,
  IconPlus,
  IconRadar2,
  IconUser,
  IconUserPlus,
} from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CatalogView } from '@/api';
import { listConnectionsOptions, listDirectoryOptions, searchCatalogOptions } from '@/api/@tanstack/react-query.gen';
import { useMay } from '@/session/me';
import { palette as words } from '@/words/palette';
import { type Place, places } from './navigation';

export interface Item {
  id: string;
  label: string;
  note?: string;
  icon: Place['icon'];
  to: string;
  search?: Record<string, string>;
}

export interface Group {
  name: string;
  items: readonly Item[];
}

const APPS = 8;
// The catalog puts first what needs a look; here a name that begins with the text is meant, so more are read than shown.
const READ = 50;
const FEW = 5;
const WAIT_MS = 150;

const acts: readonly (Item & { needs: string })[] = [
  { id: 'do-adopt', label: words.adopt, icon: IconFileImport, to: '/adopt', needs: 'app:write' },
  { id: 'do-new', label: words.newApp, icon: IconPlus, to: '/new', needs: 'app:write' },
  { id: 'do-invite', label: words.invite, icon: IconUserPlus, to: '/people', needs: 'people:write' },
  { id: 'do-credential', label: words.credential, icon: IconKey, to: '/credentials', needs: 'credential:write' },
  { id: 'do-source', label: words.source, icon: IconRadar2, to: '/sources', needs: 'source:write' },
];

const here: readonly (Item & { needs?: string })[] = [
  ...places.map(({ to, label, icon, needs }) => ({ id: `go-${to}`, label, icon, to, ...(needs ? { needs } : {}) })),
  { id: 'go-/profile', label: words.profile, icon: IconUser, to: '/profile' },
];

function appsOf(found: CatalogView, text: string): Item[] {
  const low = text.toLowerCase();
  const far = (name: string) => (name.startsWith(low) ? 0 : name.includes(low) ? 1 : 2);
  const nearest = found.items.toSorted((a, b) => far(a.name) - far(b.name)).slice(0, APPS);
  const items: Item[] = nearest.map((app) => ({
    id: `app-${app.name}`,
    label: app.name,
    note: app.purpose,
    icon: IconApps,
    to: `/apps/${app.name}`,
  }));
  if (found.total > nearest.length) {
    items.push({
      id: 'apps-all',
      label: words.allApps(found.total),
      icon: IconLayoutGrid,
      to: '/catalog',
      search: { q: text },
    });
  }
  return items;
}

export interface Found {
  groups: readonly Group[];
  /** Whether the apps are those of what is typed now. */
  settled: boolean;
  failed: boolean;
}

/** What a text leads to: apps by the catalog's search, the rest by its name. */
export function usePaletteItems(query: string, opened: boolean): Found {
  const may = useMay();
  const text = query.trim();
  const [asked] = useDebouncedValue(text, WAIT_MS);
  const wanted = opened && text !== '';
  const apps = useQuery({
    ...searchCatalogOptions({ query: { q: asked, limit: READ } }),
    enabled: wanted && asked !== '',
    placeholderData: keepPreviousData,
  });
  const people = useQuery({ ...listDirectoryOptions(), enabled: wanted, staleTime: 60_000 });
  const connections = useQuery({
    ...listConnectionsOptions(),
    enabled: wanted && may('connector:read'),
    staleTime: 60_000,
  });

  const low = text.toLowerCase();
  const has = (...parts: string[]) => parts.some((part) => part.toLowerCase().includes(low));
  const named = (items: readonly (Item & { needs?: string })[]) =>
    items.filter((item) => (item.needs === undefined || may(item.needs)) && has(item.label));
  const groups: Group[] = [
    {
      name: apps.data?.matched === 'similar' ? words.similar : words.apps,
      items: wanted && apps.data ? appsOf(apps.data, asked) : [],
    },
    { name: words.go, items: named(here) },
    { name: words.do, items: named(acts) },
    {
      name: words.people,
      items: (wanted ? (people.data?.items ?? []) : [])
        .filter((person) => has(person.displayName, person.name))
        .slice(0, FEW)
        .map((person) => ({
          id: `person-${person.name}`,
          label: person.displayName || person.name,
          note: person.active ? words.appsOf : words.left,
          icon: IconUser,
          to: '/catalog',
          search: { owner: person.name },
        })),
    },
    {
      name: words.connections,
      items: (wanted ? (connections.data?.items ?? []) : [])
        .filter((connection) => has(connection.name, connection.connector))
        .slice(0, FEW)
        .map((connection) => ({
          id: `connection-${connection.name}`,
          label: connection.name,
          note: connection.connector,
          icon: IconPlug,
          to: `/connections/${connection.name}`,
        })),
    },
  ];
  return {
    groups: groups.filter((group) => group.items.length > 0),
    settled: text === '' || (asked === text && !apps.isPlaceholderData && (apps.data !== undefined || apps.isError)),
    failed: wanted && apps.isError,
  };
}
