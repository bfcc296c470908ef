import {
  IconAccessPoint,
  IconArrowsExchange,
  IconEyeCheck,
  IconHistory,
  IconHome,
  IconKey,
  IconLayoutGrid,
  IconPlugConnected,
  IconRadar2,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { shell as words } from '@/words/shell';

export interface Place {
  to: string;
  label: string;
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  /** Permission without which it shows nothing. */
  needs?: string;
  group?: string;
}

/** Every place of the portal, in the order of the side. */
export const places: readonly Place[] = [
  { to: '/', label: words.home, icon: IconHome },
  { to: '/catalog', label: words.catalog, icon: IconLayoutGrid },
  { to: '/reviews', label: words.reviews, icon: IconEyeCheck },
  { to: '/estate', label: words.estate, icon: IconRadar2 },
  { to: '/connectors', label: words.connectors, icon: IconPlugConnected, group: words.build, needs: 'connector:read' },
  { to: '/credentials', label: words.credentials, icon: IconKey, group: words.build, needs: 'connector:read' },
  { to: '/sources', label: words.sources, icon: IconAccessPoint, group: words.build },
  { to: '/hubs', label: words.hub, icon: IconArrowsExchange, group: words.run, needs: 'hub:read' },
  { to: '/audit', label: words.audit, icon: IconHistory, group: words.govern, needs: 'audit:read' },
  { to: '/people', label: words.people, icon: IconUsers, group: words.govern, needs: 'people:read' },
  { to: '/settings', label: words.settings, icon: IconSettings, group: words.govern },
];
