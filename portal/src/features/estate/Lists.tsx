import { useLocation } from '@tanstack/react-router';
import { TabLinks } from '@/kit/page/Parts';
import { words } from './words';

/** The parts of the estate as tabs, the same on each of them. */
export function Lists() {
  const { pathname } = useLocation();
  const item = (label: string, to: string) => ({ label, to, active: pathname === to });
  return (
    <TabLinks
      label={words.lists.label}
      items={[
        item(words.lists.overview, '/estate'),
        item(words.lists.inventory, '/estate/definitions'),
        item(words.lists.leaks, '/estate/leaks'),
        item(words.lists.duplicates, '/estate/duplicates'),
        item(words.lists.unreadable, '/estate/unreadable'),
      ]}
    />
  );
}
