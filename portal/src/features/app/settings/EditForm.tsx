import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { AppDetailView } from '@/api';
import { editAppMutation, listDirectoryOptions, listTeamsOptions } from '@/api/@tanstack/react-query.gen';
import { Card } from '@/kit/page/Parts';
import { problemOf } from '@/kit/problem';
import { ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { settings as words } from '../actWords';
import { useFresh } from '../fresh';
import { useTeamTitle } from '../use';
import { Conflict } from './Conflict';
import { changedFields, currentOf, editOf, type Field, type Values, valuesOf } from './edits';
import css from './settings.module.css';

/** What somebody is editing: their values, and the state they began from. */
interface Draft {
  before: Values;
  etag: string;
  mine: Values;
}

/** What is known of an app, to be changed; a change of somebody else meanwhile is shown, never overwritten. */
export function EditForm({ app }: { app: AppDetailView }) {
  const fresh = useFresh();
  const navigate = useNavigate();
  const people = useQuery(listDirectoryOptions());
  const teams = useQuery(listTeamsOptions());
  const teamTitle = useTeamTitle();
  const [draft, setDraft] = useState<Draft | null>(null);
  // Until somebody types, the form shows what stands there now.
  const { before, etag, mine } = draft ?? { before: valuesOf(app), etag: app.etag, mine: valuesOf(app) };
  const changed = changedFields(before, mine);
  const set = (more: Partial<Values>) => {
    const next = { before, etag, mine: { ...mine, ...more } };
    setDraft(changedFields(before, next.mine).length > 0 ? next : null);
  };
  const saved = async (name: string) => {
    setDraft(null);
    if (name !== app.name) await navigate({ to: `/apps/${name}/settings`, replace: true });
    await fresh();
  };
  const undo = useMutation({ ...editAppMutation(), onSuccess: (now) => saved(now.name) });
  const edit = useMutation({
    ...editAppMutation(),
    onSuccess: async (now, sent) => {
      const old = { ...valuesOf(app), name: app.name };
      const body = editOf(valuesOf({ ...app, ...now }), old);
      // A deputy can be replaced, not taken away.
      const undoable = Object.keys(sent.body).every((field) => field !== 'deputy' || old.deputy !== '');
      toast(words.saved, undoable ? () => undo.mutate({ path: { name: now.name }, body }) : undefined);
      await saved(now.name);
    },
  });
  const save = (values: Values, from: Values, tag: string) =>
    edit.mutate({ path: { name: app.name }, headers: { 'if-match': `"${tag}"` }, body: editOf(from, values) });

  const problem = edit.error ? problemOf(edit.error) : undefined;
  const current = problem?.status === 412 ? currentOf(problem.details) : undefined;
  const directory = people.data?.items ?? [];
  const person = (name: string) => directory.find((each) => each.name === name)?.displayName || name;
  const same = mine.owner === mine.deputy && mine.owner !== '';
  const errorOf = (field: Field) =>
    problem && !current && (problem.place === field || (field === 'name' && problem.place === 'newName'))
      ? `${problem.detail} ${problem.fix}`
      : undefined;
  const placed = problem !== undefined && (['name', 'title', 'purpose', 'owner', 'deputy'] as Field[]).some(errorOf);
  const choices = (chosen: string) => [
    ...(directory.some((each) => each.name === chosen) || !chosen ? [] : [{ value: chosen, label: chosen }]),
    ...directory
      .filter((each) => each.active || each.name === chosen)
      .map((each) => ({
        value: each.name,
        label: `${each.displayName || each.name}${each.active ? '' : `, ${words.left}`}`,
      })),
  ];

  if (current && draft)
    return (
      <Conflict
        before={before}
        mine={mine}
        theirs={current.values}
        by={current.by}
        at={current.at}
        busy={edit.isPending}
        show={(field, value) =>
          value && (field === 'owner' || field === 'deputy')
            ? person(value)
            : field === 'team'
              ? teamTitle(value)
              : value
        }
        onSave={(values) => {
          setDraft({ before: current.values, etag: current.etag, mine: values });
          if (changedFields(current.values, values).length > 0) save(values, current.values, current.etag);
          else void saved(current.values.name);
        }}
        onDrop={() => {
          edit.reset();
          void saved(current.values.name);
        }}
      />
    );

  return (
    <Card pad>
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (changed.length > 0 && !same) save(mine, before, etag);
        }}
      >
        <TextInput
          label={words.titleField}
          value={mine.title}
          onChange={(event) => set({ title: event.currentTarget.value })}
          error={errorOf('title')}
        />
        <Textarea
          id="purpose"
          label={words.purpose}
          description={words.purposeHelp}
          autosize
          minRows={2}
          value={mine.purpose}
          onChange={(event) => set({ purpose: event.currentTarget.value })}
          error={errorOf('purpose')}
        />
        <div className={css.pair}>
          <Select
            id="owner"
            label={words.owner}
            data={choices(mine.owner)}
            searchable
            limit={50}
            allowDeselect={false}
            value={mine.owner}
            onChange={(value) => set({ owner: value ?? mine.owner })}
            error={errorOf('owner')}
          />
          <Select
            id="deputy"
            label={words.deputy}
            description={words.deputyHelp}
            placeholder={words.nobody}
            data={choices(mine.deputy)}
            searchable
            limit={50}
            allowDeselect={false}
            value={mine.deputy || null}
            onChange={(value) => set({ deputy: value ?? mine.deputy })}
            error={same ? words.same : errorOf('deputy')}
          />
        </div>
        {app.deputy !== '' && mine.owner === app.owner && (
          <p className={css.hand}>
            <Button
              size="xs"
              onClick={() => set({ owner: app.deputy, deputy: app.ownerActive ? app.owner : app.deputy })}
            >
              {words.toDeputy(person(app.deputy))}
            </Button>
            <span className="xs t3">
              {app.ownerActive ? words.handOverText(person(app.owner)) : words.handOverGone}
            </span>
          </p>
        )}
        <div className={css.pair}>
          <Select
            label={words.team}
            description={words.teamHelp}
            data={(teams.data?.items ?? [{ name: app.team, title: teamTitle(app.team) }]).map((team) => ({
              value: team.name,
              label: team.title || team.name,
            }))}
            allowDeselect={false}
            value={mine.team}
            onChange={(value) => set({ team: value ?? mine.team })}
            error={errorOf('team')}
          />
          <TextInput
            label={words.name}
            description={words.nameHelp}
            autoCapitalize="none"
            spellCheck={false}
            value={mine.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={errorOf('name')}
          />
        </div>
        {mine.name !== before.name && mine.name !== '' && (
          <p className="xs c-warn">{words.nameChanges(before.name, mine.name)}</p>
        )}
        {!placed && <ProblemNote error={edit.error} />}
        <div className={css.foot}>
          <Button
            type="submit"
            variant={changed.length > 0 ? 'filled' : 'default'}
            disabled={changed.length === 0 || same}
            loading={edit.isPending}
          >
            {words.save}
          </Button>
          {changed.length > 0 && (
            <Button
              variant="subtle"
              onClick={() => {
                setDraft(null);
                edit.reset();
              }}
            >
              {words.undoEdits}
            </Button>
          )}
          <span className="xs t3" role="status">
            {changed.length > 0 ? words.changed(changed.map((field) => words.fields[field].toLowerCase())) : ''}
          </span>
        </div>
      </form>
    </Card>
  );
}
