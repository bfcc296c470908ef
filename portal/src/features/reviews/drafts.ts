import { useState } from 'react';

// For as long as the page is open: going on to the next review and back loses nothing.
const drafts = new Map<string, string>();

/** What somebody has typed about a review; kept when they look at another one. */
export function useDraft(review: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => drafts.get(review) ?? '');
  return [
    text,
    (next) => {
      setText(next);
      if (next) drafts.set(review, next);
      else drafts.delete(review);
    },
  ];
}
