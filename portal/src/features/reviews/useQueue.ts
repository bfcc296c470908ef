import { useQuery } from '@tanstack/react-query';
import type { QueuedView } from '@/api';
import { listReviewsOptions } from '@/api/@tanstack/react-query.gen';

/** The open reviews, and those among them that this person may decide. */
export function useQueue(): { open: QueuedView[]; mine: QueuedView[] } {
  const { data } = useQuery(listReviewsOptions());
  const open = data?.items ?? [];
  return { open, mine: open.filter((review) => review.standing?.mayDecide) };
}
