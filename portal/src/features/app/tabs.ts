import type { AppDetailView } from '@/api';
import type { Match } from './model';
import type { Rights } from './use';

/** How many events the page's head and its overview look at. */
export const RECENT = 20;

/** What every tab gets. */
export interface TabProps {
  app: AppDetailView;
  match: Match;
  rights: Rights;
}
