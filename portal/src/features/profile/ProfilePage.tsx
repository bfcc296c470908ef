import { useSearch } from '@tanstack/react-router';
import { Page } from '@/kit/page/Page';
import { TabLinks } from '@/kit/page/Parts';
import { useMe } from '@/session/me';
import { Me } from './Me';
import { OwnRoles } from './OwnRoles';
import { Sessions } from './Sessions';
import { Tokens } from './Tokens';
import { words } from './words';

const TABS = ['me', 'sessions', 'tokens', 'roles'] as const;
const parts = { me: Me, sessions: Sessions, tokens: Tokens, roles: OwnRoles };

/** What belongs to the person who is signed in. */
export default function ProfilePage() {
  const me = useMe();
  const search: { tab?: string } = useSearch({ strict: false });
  const tab = TABS.find((each) => each === search.tab) ?? 'me';
  const Part = parts[tab];
  return (
    <Page name={words.name} title={me.displayName || me.name} lead={words.lead(me.name)}>
      <TabLinks
        label={words.name}
        items={TABS.map((each) => ({
          label: words.tabs[each],
          to: '/profile',
          ...(each === 'me' ? {} : { search: { tab: each } }),
          active: each === tab,
        }))}
      />
      <Part />
    </Page>
  );
}
