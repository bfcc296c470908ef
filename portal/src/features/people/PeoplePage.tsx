import { Button, Modal } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { listInvitationsOptions, listPeopleOptions, listTeamsOptions } from '@/api/@tanstack/react-query.gen';
import { Page } from '@/kit/page/Page';
import { TabLinks } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { Invitations } from './Invitations';
import { Invite } from './Invite';
import { Matrix } from './Matrix';
import { PeopleTable } from './PeopleTable';
import { PersonDialog } from './PersonDialog';
import { Teams } from './Teams';
import { words } from './words';

const TABS = ['people', 'invitations', 'teams', 'roles'] as const;
type Tab = (typeof TABS)[number];

/** Who may do what: people, invitations, teams, and what each role means. */
export default function PeoplePage() {
  const may = useMay();
  const navigate = useNavigate();
  const search: { tab?: string; person?: string } = useSearch({ strict: false });
  const tab: Tab = TABS.find((each) => each === search.tab) ?? 'people';
  const people = useQuery(listPeopleOptions());
  const teams = useQuery(listTeamsOptions());
  const invitations = useQuery({ ...listInvitationsOptions(), enabled: may('people:read') });
  const [inviting, setInviting] = useState(false);
  const change = may('people:write');
  const open = people.data?.items.find((person) => person.name === search.person);
  const counts: Record<Tab, number | undefined> = {
    people: people.data?.items.length,
    invitations: invitations.data?.items.filter((each) => each.status === 'open').length,
    teams: teams.data?.items.length,
    roles: undefined,
  };
  const goTo = (person: string | undefined) =>
    void navigate({
      to: '/people',
      search: { ...(tab === 'people' ? {} : { tab }), ...(person ? { person } : {}) },
      resetScroll: false,
      replace: person === undefined,
    });
  return (
    <Page
      name={words.name}
      title={people.data && teams.data ? words.title(people.data.items.length, teams.data.items.length) : words.loading}
      lead={words.lead}
      below={!change && <span className="t3">{words.readOnly}</span>}
      buttons={
        change && (
          <Button
            variant="filled"
            leftSection={<IconUserPlus size={14} stroke={1.75} aria-hidden />}
            onClick={() => setInviting(true)}
          >
            {words.invite}
          </Button>
        )
      }
    >
      <TabLinks
        label={words.name}
        items={TABS.map((each) => ({
          label: words.tabs[each],
          to: '/people',
          ...(each === 'people' ? {} : { search: { tab: each } }),
          ...(counts[each] === undefined ? {} : { count: counts[each] }),
          active: each === tab,
        }))}
      />
      {tab === 'people' && (
        <Loaded query={people} what={words.what.people} lines={8}>
          {({ items }) => <PeopleTable people={items} onOpen={goTo} />}
        </Loaded>
      )}
      {tab === 'invitations' && <Invitations change={change} />}
      {tab === 'teams' && <Teams change={change} />}
      {tab === 'roles' && <Matrix />}
      {open && <PersonDialog key={open.name} person={open} change={change} onClose={() => goTo(undefined)} />}
      <Modal
        opened={inviting}
        onClose={() => setInviting(false)}
        title={words.invitation.title}
        size={560}
        closeButtonProps={{ 'aria-label': words.details.close }}
      >
        <p className="sm t2" style={{ marginBottom: 14 }}>
          {words.invitation.lead}
        </p>
        <Invite first={{ role: 'builder', team: '' }} onDone={() => setInviting(false)} />
      </Modal>
    </Page>
  );
}
