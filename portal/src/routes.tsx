import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { patient } from './live/patient';
import { Gate } from './session/Gate';
import { Broken, NotFound } from './shell/Fallbacks';
import { Shell } from './shell/Shell';

/** Search parameters are texts; each page reads those that it knows. */
type Search = Record<string, string | string[] | undefined>;

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Broken });

const open = (path: string, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(() => patient(load)),
    validateSearch: (search: Search): Search => search,
  });

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: () => (
    <Gate>
      <Shell />
    </Gate>
  ),
  notFoundComponent: NotFound,
});

const page = (path: string, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({
    getParentRoute: () => signedIn,
    path,
    component: lazyRouteComponent(() => patient(load)),
    errorComponent: Broken,
    validateSearch: (search: Search): Search => search,
  });

const tree = root.addChildren([
  open('/sign-in', () => import('./features/signin/SignInPage')),
  open('/join', () => import('./features/signin/JoinPage')),
  signedIn.addChildren([
    page('/', () => import('./features/home/HomePage')),
    page('/start', () => import('./features/setup/StartPage')),
    page('/catalog', () => import('./features/catalog/CatalogPage')),
    page('/new', () => import('./features/adopt/NewPage')),
    page('/adopt', () => import('./features/adopt/AdoptPage')),
    page('/apps/$name', () => import('./features/app/AppPage')),
    page('/apps/$name/$tab', () => import('./features/app/AppPage')),
    page('/reviews', () => import('./features/reviews/ReviewsPage')),
    page('/reviews/$id', () => import('./features/reviews/ReviewPage')),
    page('/estate', () => import('./features/estate/EstatePage')),
    page('/estate/definitions', () => import('./features/estate/inventory/InventoryPage')),
    page('/estate/definitions/$id', () => import('./features/estate/definition/DefinitionPage')),
    page('/estate/leaks', () => import('./features/estate/LeaksPage')),
    page('/estate/duplicates', () => import('./features/estate/DuplicatesPage')),
    page('/estate/unreadable', () => import('./features/estate/UnreadablePage')),
    page('/connectors', () => import('./features/connectors/ConnectorsPage')),
    page('/connectors/$name', () => import('./features/connectors/ConnectorPage')),
    page('/connections/$name', () => import('./features/connectors/ConnectionPage')),
    page('/credentials', () => import('./features/credentials/CredentialsPage')),
    page('/sources', () => import('./features/sources/SourcesPage')),
    page('/hubs', () => import('./features/hub/HubsPage')),
    page('/hubs/$name', () => import('./features/hub/HubPage')),
    page('/audit', () => import('./features/audit/AuditPage')),
    page('/people', () => import('./features/people/PeoplePage')),
    page('/settings', () => import('./features/settings/SettingsPage')),
    page('/profile', () => import('./features/profile/ProfilePage')),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Texts stay texts: `?q=12` searches for "12".
  parseSearch: (text) => {
    const found: Search = {};
    for (const [key, value] of new URLSearchParams(text)) {
      const had = found[key];
      found[key] = had === undefined ? value : [...(Array.isArray(had) ? had : [had]), value];
    }
    return found;
  },
  stringifySearch: (search) => {
    const text = new URLSearchParams();
    for (const [key, value] of Object.entries(search as Search)) {
      for (const item of Array.isArray(value) ? value : [value])
        if (item !== undefined && item !== '') text.append(key, item);
    }
    const written = text.toString();
    return written ? `?${written}` : '';
  },
});
