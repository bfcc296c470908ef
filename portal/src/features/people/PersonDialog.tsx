import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PersonView, RoleView } from '@/api';
import {
  enablePersonMutation,
  grantRoleMutation,
  listDirectoryQueryKey,
  listPeopleQueryKey,
  revokeRoleMutation,
} from '@/api/@tanstack/react-query.gen';
import { Day } from '@/kit/Age';
import { Roles } from '@/kit/marks/Roles';
import { Facts } from '@/kit/page/Parts';
import { Note, ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useMe } from '@/session/me';
import { roleName } from '@/words/roles';
import { Disable } from './Disable';
import { GiveRole } from './GiveRole';
import css from './people.module.css';
import { useTeamTitles } from './RolePicker';
import { words } from './words';

const said = words.details;

type NamedRole = Parameters<ReturnType<typeof revokeRoleMutation>['mutationFn'] & object>[0]['path']['role'];

/** One person: their roles, to take and to give, and whether they can sign in. */
export function PersonDialog({
  person,
  change,
  onClose,
}: {
  person: PersonView;
  change: boolean;
  onClose: () => void;
}) {
  const me = useMe();
  const client = useQueryClient();
  const titles = useTeamTitles();
  const [disabling, setDisabling] = useState(false);
  const own = person.name === me.name;
  const may = change && !own;
  const called = person.displayName || person.name;
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: listPeopleQueryKey() }),
      client.invalidateQueries({ queryKey: listDirectoryQueryKey() }),
    ]);
  const giveBack = useMutation({ ...grantRoleMutation(), onSuccess: refresh });
  const take = useMutation({
    ...revokeRoleMutation(),
    onSuccess: async (_answer, { path, query }) => {
      const taken = person.roles.find((held) => held.role === path.role && held.team === (query?.team ?? '*'));
      toast(said.taken(roleName(path.role), called), () =>
        giveBack.mutate({
          path: { name: person.name },
          body: { role: path.role, team: query?.team ?? '*', expiresAt: taken?.expiresAt ?? null },
        }),
      );
      await refresh();
    },
  });
  const enable = useMutation({
    ...enablePersonMutation(),
    onSuccess: async () => {
      toast(said.enabled(called));
      await refresh();
    },
  });
  const takeRole = (held: RoleView) =>
    take.mutate({ path: { name: person.name, role: held.role as NamedRole }, query: { team: held.team } });
  const active = person.status === 'active';
  return (
    <>
      <Modal
        opened={!disabling}
        onClose={onClose}
        size={560}
        title={called}
        closeButtonProps={{ 'aria-label': said.close }}
      >
        <div className={css.stack}>
          <Facts
            items={[
              [words.person, <code key="name">{person.name}</code>],
              [said.memberSince, <Day key="since" at={person.createdAt} />],
              [said.state, active ? said.activeText : <span className="c-bad">{said.disabledText}</span>],
            ]}
          />
          {own && change && (
            <Note tone="acc">
              <b>{said.own}.</b> {said.ownText}
            </Note>
          )}
          <div>
            <h3>{said.held}</h3>
            {person.roles.length === 0 ? (
              <p className="sm t2">{words.noRoles}</p>
            ) : (
              <ul className={css.held}>
                {person.roles.map((held) => (
                  <li key={`${held.role}@${held.team}`}>
                    <Roles held={[held]} titles={titles} />
                    {may && (
                      <Button
                        size="xs"
                        aria-label={said.takeWhat(
                          `${roleName(held.role)}, ${held.team === '*' ? words.allTeams : held.team}`,
                        )}
                        loading={
                          take.isPending &&
                          take.variables.path.role === held.role &&
                          take.variables.query?.team === held.team
                        }
                        onClick={() => takeRole(held)}
                      >
                        {said.take}
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )}
            <ProblemNote error={take.error ?? giveBack.error} />
          </div>
          {may && active && <GiveRole person={person} />}
          {may && (
            <div className={`${css.row} ${css.part}`}>
              {active ? (
                <Button variant="refuse" onClick={() => setDisabling(true)}>
                  {said.disable}
                </Button>
              ) : (
                <Button loading={enable.isPending} onClick={() => enable.mutate({ path: { name: person.name } })}>
                  {said.enable}
                </Button>
              )}
              <ProblemNote error={enable.error} />
            </div>
          )}
        </div>
      </Modal>
      <Disable person={person} opened={disabling} onClose={() => setDisabling(false)} />
    </>
  );
}
