import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PersonView, RoleNew } from '@/api';
import { grantRoleMutation, listPeopleQueryKey, listRolesOptions } from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { permissionName, roleName } from '@/words/roles';
import css from './people.module.css';
import { RolePicker, useTeamTitles } from './RolePicker';
import { endOfDay, EVERYWHERE, gains, isPartial } from './rules';
import { words } from './words';

const said = words.details;

/** Give somebody a role; says beforehand what they may do then that they may not do now. */
export function GiveRole({ person }: { person: PersonView }) {
  const client = useQueryClient();
  const titles = useTeamTitles();
  const roles = useQuery({ ...listRolesOptions(), staleTime: Number.POSITIVE_INFINITY }).data?.items ?? [];
  const [wanted, setWanted] = useState({ role: 'builder', team: '' });
  const [until, setUntil] = useState('');
  const [asked, setAsked] = useState(false);
  const now = useNow();
  const called = person.displayName || person.name;
  const give = useMutation({
    ...grantRoleMutation(),
    onSuccess: async () => {
      toast(said.given(roleName(wanted.role), called));
      setUntil('');
      setAsked(false);
      await client.invalidateQueries({ queryKey: listPeopleQueryKey() });
    },
  });
  const where = wanted.team === EVERYWHERE ? words.allTeams.toLowerCase() : (titles.get(wanted.team) ?? wanted.team);
  const expiresAt = wanted.role === 'admin' ? null : endOfDay(until);
  const past = expiresAt !== null && Date.parse(expiresAt) < now;
  return (
    <form
      className={`${css.stack} ${css.part}`}
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (wanted.team !== '' && !past)
          give.mutate({ path: { name: person.name }, body: { ...(wanted as RoleNew), expiresAt } });
      }}
    >
      <h3>{said.give}</h3>
      <div className={css.pair} data-three={wanted.role === 'admin' ? undefined : true}>
        <RolePicker
          {...wanted}
          onChange={(role, team) => setWanted({ role, team })}
          error={asked && wanted.team === '' ? words.invitation.missing : undefined}
        />
        {wanted.role !== 'admin' && (
          <TextInput
            type="date"
            label={said.until}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
            error={past ? said.untilPast : undefined}
          />
        )}
      </div>
      {wanted.role !== 'admin' && <p className="xs t3">{said.untilHelp}</p>}
      {wanted.team !== '' && (
        <p className="sm t2" aria-live="polite">
          {said.consequence(
            called,
            roleName(wanted.role),
            where,
            gains(person.roles, wanted.role, wanted.team, roles).map(permissionName),
          )}
          {isPartial(wanted.role, wanted.team, roles) && ` ${said.partly}`}
        </p>
      )}
      <ProblemNote error={give.error} />
      <div>
        <Button type="submit" loading={give.isPending}>
          {said.giveDo(roleName(wanted.role))}
        </Button>
      </div>
    </form>
  );
}
