import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsExchange,
  IconClock,
  IconEye,
  IconHandStop,
  IconKey,
  IconPencil,
  IconRadar2,
  IconUserPlus,
  IconUserQuestion,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { NeedView } from '@/api';
import { TimeLeft } from '@/kit/Clock';
import { useNames } from '@/session/names';
import css from './home.module.css';
import { needs } from './words';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;
const icons: Record<string, [string, ReactNode]> = {
  review_waiting: ['acc', <IconEye key="i" {...ICON} />],
  review_refused: ['warn', <IconPencil key="i" {...ICON} />],
  drifted: ['bad', <IconAlertTriangle key="i" {...ICON} />],
  quarantined: ['bad', <IconHandStop key="i" {...ICON} />],
  deputy_missing: ['mute', <IconUserPlus key="i" {...ICON} />],
  second_person: ['warn', <IconUserPlus key="i" {...ICON} />],
  approval_ends: ['warn', <IconClock key="i" {...ICON} />],
  owner_gone: ['warn', <IconUserQuestion key="i" {...ICON} />],
  source_silent: ['warn', <IconRadar2 key="i" {...ICON} />],
  hub_problem: ['warn', <IconArrowsExchange key="i" {...ICON} />],
  credential_missing: ['warn', <IconKey key="i" {...ICON} />],
};

/** Where a need is met. */
export function placeOf(need: NeedView): string {
  if (need.kind === 'review_waiting' || need.kind === 'in_review') return `/reviews/${need.reviewId}`;
  if (need.kind === 'drifted' || need.kind === 'review_refused') return `/apps/${need.app}/versions`;
  if (need.kind === 'deputy_missing' || need.kind === 'owner_gone') return `/apps/${need.app}/settings`;
  if (need.kind === 'hub_problem') return `/hubs/${String(need.details['hub'])}`;
  if (need.kind === 'second_person') return '/people';
  if (need.kind === 'credential_missing') return '/credentials';
  if (need.kind === 'source_silent') return '/sources';
  return need.app ? `/apps/${need.app}` : '/';
}

export function useNeedWords() {
  const nameOf = useNames();
  return (need: NeedView) => {
    const deciders = need.details['deciders'];
    const facts = {
      ...need,
      person: need.person && nameOf(need.person).displayName,
      details: Array.isArray(deciders)
        ? { ...need.details, deciders: deciders.map((name) => nameOf(String(name)).displayName) }
        : need.details,
    };
    return needs[need.kind]?.(facts) ?? { title: need.app || need.kind, text: need.reason, button: 'Open' };
  };
}

/** One thing that needs this person, with the one button that meets it. */
export function Need({ need, first }: { need: NeedView; first: boolean }) {
  const said = useNeedWords()(need);
  const [tone, icon] = icons[need.kind] ?? ['mute', <IconAlertTriangle key="i" {...ICON} />];
  return (
    <li className={css.need}>
      <span className={css.icon} data-tone={tone}>
        {icon}
      </span>
      <div>
        <h2>{said.title}</h2>
        <p className="sm t2">{said.text}</p>
        <p className={`xs t3 ${css.meta}`}>
          {need.app && (
            <Link to={`/apps/${need.app}`} className="mono">
              {need.app}
            </Link>
          )}
          {need.dueAt && <TimeLeft until={need.dueAt} />}
        </p>
      </div>
      <Button
        component={Link}
        to={placeOf(need)}
        size="xs"
        variant={first ? 'filled' : 'default'}
        aria-label={`${said.button}: ${said.title}`}
      >
        {said.button}
      </Button>
    </li>
  );
}
