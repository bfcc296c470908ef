import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { RoleNew } from '@/api';
import { listInvitationsQueryKey, makeInvitationMutation } from '@/api/@tanstack/react-query.gen';
import { CopyText } from '@/kit/fields/CopyText';
import { date, time } from '@/kit/format';
import { Roles } from '@/kit/marks/Roles';
import { Note, ProblemNote } from '@/kit/states/States';
import { roleName, roles as roleWords } from '@/words/roles';
import css from './people.module.css';
import { RolePicker, useTeamTitles } from './RolePicker';
import { EVERYWHERE } from './rules';
import { words } from './words';

const said = words.invitation;

interface Wanted {
  role: string;
  team: string;
}

/** Make a one-time link for one new person; it is shown here once. */
export function Invite({ first, onDone }: { first: Wanted; onDone?: () => void }) {
  const [wanted, setWanted] = useState<readonly Wanted[]>([first]);
  const [asked, setAsked] = useState(false);
  const titles = useTeamTitles();
  const client = useQueryClient();
  const make = useMutation({
    ...makeInvitationMutation(),
    onSuccess: () => client.invalidateQueries({ queryKey: listInvitationsQueryKey() }),
  });
  const twice = new Set(wanted.map((each) => `${each.role}@${each.team}`)).size < wanted.length;
  const missing = wanted.some((each) => each.team === '');
  if (make.data) {
    return (
      <div className={css.stack}>
        <Note tone="ok">
          <b>{said.made}.</b> {said.madeText(date(make.data.expiresAt), time(make.data.expiresAt))}
        </Note>
        <CopyText label={said.link} value={make.data.link} />
        <p className="sm">
          <Roles held={make.data.roles} titles={titles} />
        </p>
        <div className={`${css.row} ${onDone ? css.end : ''}`}>
          <Button variant="subtle" onClick={() => make.reset()}>
            {said.another}
          </Button>
          {onDone && <Button onClick={onDone}>{said.done}</Button>}
        </div>
      </div>
    );
  }
  return (
    <form
      className={css.stack}
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (!twice && !missing) make.mutate({ body: { roles: wanted as RoleNew[] } });
      }}
    >
      {wanted.map((each, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index}>
          <div className={css.pair}>
            <RolePicker
              {...each}
              onChange={(role, team) => setWanted(wanted.map((other, at) => (at === index ? { role, team } : other)))}
              error={asked && each.team === '' ? said.missing : undefined}
            />
            {wanted.length > 1 && (
              <ActionIcon
                variant="default"
                size={32}
                aria-label={said.remove(roleName(each.role))}
                onClick={() => setWanted(wanted.filter((_other, at) => at !== index))}
              >
                <IconX size={14} stroke={1.75} aria-hidden />
              </ActionIcon>
            )}
          </div>
          <p className="xs t3" style={{ marginTop: 5 }}>
            {roleWords.does[each.role]}
          </p>
        </div>
      ))}
      {asked && twice && (
        <p className="xs c-bad" role="alert">
          {said.twice}
        </p>
      )}
      <ProblemNote error={make.error} />
      <div className={css.row}>
        <Button type="submit" variant="filled" loading={make.isPending}>
          {said.make}
        </Button>
        <Button
          variant="subtle"
          leftSection={<IconPlus size={14} stroke={1.75} aria-hidden />}
          onClick={() => setWanted([...wanted, { role: 'builder', team: first.team === EVERYWHERE ? '' : first.team }])}
        >
          {said.add}
        </Button>
      </div>
    </form>
  );
}
