import {
  IconArrowsExchange,
  IconEyeCheck,
  IconHome,
  IconLayoutGrid,
  IconMenu2,
  IconSearch,
  IconUser,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { listHubsOptions, listReviewsOptions } from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { Glyph } from '@/kit/marks/Glyph';
import { Logo } from '@/kit/marks/Runs';
import { patient } from '@/live/patient';
import { useConnection } from '@/live/reach';
import { useLiveStream } from '@/live/stream';
import { onAskAgain, type Wanted } from '@/session/again';
import { useMay, useMe } from '@/session/me';
import { useOptions } from '@/session/options';
import { shell as words } from '@/words/shell';
import { Loading } from '@/kit/states/States';
import { type Place, places } from './navigation';
import css from './shell.module.css';

// Not needed for the first paint.
const Account = lazy(() => patient(() => import('./Account')));
const Again = lazy(() => patient(() => import('./Again')));
const AllPlaces = lazy(() => patient(() => import('./AllPlaces')));
const Palette = lazy(() => patient(() => import('./Palette')));

const openPalette = (): void => void patient(() => import('./Palette')).then((module) => module.openPalette());

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Whether a place is the one that is open, or holds it. */
function useHere(): (to: string) => boolean {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (to) =>
    (to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)) ||
    (to === '/catalog' && /^\/(apps|adopt|new)(\/|$)/.test(path)) ||
    (to === '/connectors' && path.startsWith('/connections'));
}

function useOpenReviews(): number {
  const { data } = useQuery(listReviewsOptions());
  return data?.items.length ?? 0;
}

export function Places({ onGo }: { onGo?: () => void }) {
  const here = useHere();
  const may = useMay();
  const reviews = useOpenReviews();
  const shown = places.filter((place) => place.needs === undefined || may(place.needs));
  return shown.map((place, index) => (
    <div key={place.to}>
      {place.group && place.group !== shown[index - 1]?.group && <h2 className={css.group}>{place.group}</h2>}
      <PlaceLink
        place={place}
        current={here(place.to)}
        count={place.to === '/reviews' && reviews > 0 ? reviews : undefined}
        {...(onGo ? { onGo } : {})}
      />
    </div>
  ));
}

function PlaceLink({
  place,
  current,
  count,
  onGo,
}: {
  place: Place;
  current: boolean;
  count: number | undefined;
  onGo?: () => void;
}) {
  const { icon: Icon } = place;
  return (
    <Link to={place.to} className={css.item} aria-current={current ? 'page' : undefined} onClick={onGo}>
      <Icon {...ICON} />
      {place.label}
      {count !== undefined && (
        <span className={css.n} data-hot>
          {count}
        </span>
      )}
    </Link>
  );
}

function HubLine() {
  const may = useMay();
  const { data } = useQuery({ ...listHubsOptions(), enabled: may('hub:read'), refetchInterval: 30_000 });
  const hub = data?.items[0];
  const now = useNow();
  if (!hub) return null;
  const live = hub.seenAt !== null && now - Date.parse(hub.seenAt) < 60_000;
  return (
    <Link to="/hubs" className={css.item}>
      <span className={live ? 'c-ok' : 'c-bad'} style={{ display: 'inline-flex' }}>
        <Glyph name={live ? 'ok' : 'blocker'} />
      </span>
      <span>
        {words.hub} {hub.name}
      </span>
      <span className={css.n}>{live ? words.live : words.away}</span>
    </Link>
  );
}

function Bar({ onMore }: { onMore: () => void }) {
  const here = useHere();
  const may = useMay();
  const reviews = useOpenReviews();
  const items = [
    { to: '/', label: words.home, icon: IconHome },
    { to: '/catalog', label: words.catalog, icon: IconLayoutGrid },
    { to: '/reviews', label: words.reviews, icon: IconEyeCheck },
    may('hub:read')
      ? { to: '/hubs', label: words.hub, icon: IconArrowsExchange }
      : { to: '/profile', label: words.profile, icon: IconUser },
  ];
  return (
    <nav className={css.bar} aria-label={`${words.main}, short`}>
      {items.map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} aria-current={here(to) ? 'page' : undefined}>
          <Icon size={21} stroke={1.75} aria-hidden />
          {label}
          {to === '/reviews' && reviews > 0 && <span className={css.dot}>{reviews}</span>}
        </Link>
      ))}
      <button type="button" onClick={onMore}>
        <IconMenu2 size={21} stroke={1.75} aria-hidden />
        {words.more}
      </button>
    </nav>
  );
}

/** The frame around every page: places at the side (below on a phone), one live stream, one palette. */
export function Shell() {
  useLiveStream(useQueryClient());
  const me = useMe();
  const connection = useConnection();
  const options = useOptions();
  const [menu, setMenu] = useState(false);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  // Heard here, not in the part that asks: a session may end before that part is loaded.
  useEffect(() => onAskAgain(setWanted), []);
  return (
    <>
      <a className={css.skip} href="#main">
        {words.skip}
      </a>
      <div className={css.shell}>
        <nav className={css.side} aria-label={words.main}>
          <div className={css.brand}>
            <Logo />
            Handrail
            <span>{options?.name}</span>
          </div>
          <button type="button" className={css.find} onClick={openPalette}>
            <IconSearch size={14} stroke={1.75} aria-hidden />
            {words.search}
            <kbd>Ctrl K</kbd>
          </button>
          <Places />
          <div className={css.foot}>
            <HubLine />
            <Suspense fallback={<span className={css.item}>{me.displayName || me.name}</span>}>
              <Account />
            </Suspense>
          </div>
        </nav>
        <div>
          {connection === 'away' && (
            <div className={css.strip} data-tone="warn" role="status">
              <span>
                <b>{words.awayTitle}</b> {words.awayText}
              </span>
            </div>
          )}
          {options !== undefined && options.demo.length > 0 && (
            <section className={css.strip} aria-label={words.demoName}>
              <span>{words.demo}</span>
              <Link to="/sign-in" className="lk">
                {words.demoSwitch}
              </Link>
            </section>
          )}
          <Suspense fallback={<Loading lines={8} />}>
            <Outlet />
          </Suspense>
        </div>
        <Bar onMore={() => setMenu(true)} />
      </div>
      <Suspense>
        {menu && <AllPlaces onClose={() => setMenu(false)} />}
        <Palette />
        <Again wanted={wanted} />
      </Suspense>
    </>
  );
}
