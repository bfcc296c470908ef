import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { TeamView } from '@/api';
import {
  editTeamMutation,
  listTeamsOptions,
  listTeamsQueryKey,
  makeTeamMutation,
} from '@/api/@tanstack/react-query.gen';
import { Card } from '@/kit/page/Parts';
import { problemOf } from '@/kit/problem';
import { Empty, Loaded, ProblemNote } from '@/kit/states/States';
import { Table } from '@/kit/Table';
import { toast } from '@/kit/toast';
import css from './people.module.css';
import { words } from './words';

const said = words.teams;
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** A team that is added (no `team`) or renamed. */
function TeamDialog({ team, onClose }: { team: TeamView | null; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(team?.name ?? '');
  const [title, setTitle] = useState(team?.title ?? '');
  const [asked, setAsked] = useState(false);
  const done = async (text: string) => {
    onClose();
    toast(text);
    await client.invalidateQueries({ queryKey: listTeamsQueryKey() });
  };
  const add = useMutation({ ...makeTeamMutation(), onSuccess: (made) => done(said.added(made.title || made.name)) });
  const rename = useMutation({ ...editTeamMutation(), onSuccess: (edited) => done(said.renamed(edited.title)) });
  const problem = add.error && problemOf(add.error).code === 'team_name_taken' ? problemOf(add.error) : null;
  const wrong = !NAME.test(name) || name.length > 63;
  return (
    <Modal
      opened
      onClose={onClose}
      title={team ? said.renameWhat(team.title || team.name) : said.add}
      closeButtonProps={{ 'aria-label': words.details.close }}
    >
      <form
        className={css.stack}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (team && title.trim() !== '') rename.mutate({ path: { name: team.name }, body: { title: title.trim() } });
          else if (!team && !wrong) add.mutate({ body: { name, title: title.trim() || name } });
        }}
      >
        {!team && (
          <TextInput
            label={said.name}
            description={said.nameHelp}
            value={name}
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
            error={asked && wrong ? said.nameWrong : problem ? problem.detail : undefined}
          />
        )}
        <TextInput
          label={said.title}
          description={said.titleHelp}
          value={title}
          placeholder={team ? undefined : name}
          maxLength={200}
          {...(team ? { 'data-autofocus': true } : {})}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={asked && team && title.trim() === '' ? said.titleMissing : undefined}
        />
        {!problem && <ProblemNote error={add.error ?? rename.error} />}
        <div className={`${css.row} ${css.end}`}>
          <Button onClick={onClose}>{said.cancel}</Button>
          <Button type="submit" variant="filled" loading={add.isPending || rename.isPending}>
            {team ? said.save : said.add}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The teams, with how many people hold a role in each. */
export function Teams({ change }: { change: boolean }) {
  const query = useQuery(listTeamsOptions());
  const [open, setOpen] = useState<TeamView | 'new' | null>(null);
  const add = change && (
    <Button size="xs" onClick={() => setOpen('new')}>
      {said.add}
    </Button>
  );
  return (
    <Loaded query={query} what={words.what.teams}>
      {({ items }) => (
        <>
          <div className={css.row} style={{ marginBottom: 12 }}>
            {add}
            <span className="xs t3">{said.peopleNote}</span>
          </div>
          <Card>
            <Table
              label={words.tabs.teams}
              rows={items}
              id={(team) => team.id}
              columns={[
                {
                  key: 'title',
                  head: said.title,
                  cell: (team) => (
                    <>
                      <b>{team.title || team.name}</b> <code className="t3">{team.name}</code>
                    </>
                  ),
                },
                { key: 'people', head: said.people, right: true, cell: (team) => team.people },
                ...(change
                  ? [
                      {
                        key: 'rename',
                        head: <span className="sr">{said.rename}</span>,
                        right: true,
                        width: '120px',
                        cell: (team: TeamView) => (
                          <Button
                            size="xs"
                            variant="subtle"
                            aria-label={said.renameWhat(team.title || team.name)}
                            onClick={() => setOpen(team)}
                          >
                            {said.rename}
                          </Button>
                        ),
                      },
                    ]
                  : []),
              ]}
              empty={<Empty title={said.none}>{said.noneText}</Empty>}
            />
          </Card>
          {open && <TeamDialog team={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
        </>
      )}
    </Loaded>
  );
}
