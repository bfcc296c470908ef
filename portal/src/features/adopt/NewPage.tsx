import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { registerAppMutation } from '@/api/@tanstack/react-query.gen';
import { useDraft } from '@/kit/draft';
import { PersonPicker } from '@/kit/fields/PersonPicker';
import { Columns, Page } from '@/kit/page/Page';
import { Section } from '@/kit/page/Parts';
import { Note, ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useMay, useMe } from '@/session/me';
import css from './adopt.module.css';
import { type Errors, errorsOf, focusFirst, refusalIn } from './fields';
import { NameField, useTaken } from './NameField';
import { suggestName } from './names';
import { Similar } from './Similar';
import { useOwnTeams } from './useTeams';
import { words } from './words';

const { ask, fresh } = words;
const nothing = { title: '', name: '', named: false, team: '', purpose: '', deputy: '' };
const crumbs = [{ label: words.catalog, to: '/catalog' }];

/** Register an idea: what it will be, before anybody builds it twice. */
export default function NewPage() {
  const me = useMe();
  const may = useMay();
  const navigate = useNavigate();
  const teams = useOwnTeams();
  const [idea, change, clear] = useDraft('new', nothing);
  const [asked, setAsked] = useState(false);
  const team = idea.team || (teams?.length === 1 ? (teams[0]?.value ?? '') : '');
  const taken = useTaken(idea.name);
  const register = useMutation({
    ...registerAppMutation(),
    onSuccess: async (app) => {
      clear();
      toast(fresh.done(app.name));
      await navigate({ to: `/apps/${app.name}` });
    },
  });
  const refused = refusalIn(register.error);
  const given = { ...idea, team, owner: me.name };
  const errors: Errors = asked ? { ...refused, ...errorsOf(given, taken) } : {};
  if (!may('app:write')) {
    return (
      <Page name={fresh.name} title={fresh.title} crumbs={crumbs}>
        <Note tone="warn">
          <b>{words.noTeam}.</b> {words.noTeamText}
        </Note>
      </Page>
    );
  }
  return (
    <Page name={fresh.name} title={fresh.title} lead={fresh.lead} crumbs={crumbs}>
      <Columns
        label={fresh.similar}
        aside={
          <>
            <Similar text={`${idea.title} ${idea.purpose}`} />
            <Section title={fresh.adopt}>
              <p className="sm t2">{fresh.adoptText}</p>
              <Button
                component={Link}
                to="/adopt"
                mt={10}
                leftSection={<IconFileImport size={14} stroke={1.75} aria-hidden />}
              >
                {words.name}
              </Button>
            </Section>
          </>
        }
      >
        <form
          className={`${css.stack} ${css.narrow}`}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(true);
            const found = errorsOf(given, taken);
            if (Object.keys(found).length > 0) focusFirst(found, 'new');
            else {
              const { name, title, purpose, deputy } = idea;
              register.mutate({ body: { name, title: title.trim(), team, purpose: purpose.trim(), deputy } });
            }
          }}
        >
          <TextInput
            id="new-title"
            label={ask.appTitle}
            description={ask.appTitleHelp}
            value={idea.title}
            maxLength={200}
            autoFocus
            onChange={(event) => {
              const title = event.currentTarget.value;
              // The name follows the title until somebody writes one.
              change(idea.named ? { title } : { title, name: suggestName(title) });
            }}
            error={errors.title}
          />
          <NameField
            id="new-name"
            value={idea.name}
            onChange={(name) => change({ name, named: name !== '' })}
            taken={taken}
            error={errors.name}
          />
          <Textarea
            id="new-purpose"
            label={ask.purpose}
            description={ask.purposeHelp}
            autosize
            minRows={2}
            maxLength={2000}
            value={idea.purpose}
            onChange={(event) => change({ purpose: event.currentTarget.value })}
            error={errors.purpose}
          />
          <div className={css.two}>
            <Select
              id="new-team"
              label={ask.team}
              description={ask.teamHelp}
              placeholder={ask.teamHint}
              data={teams ?? []}
              value={team || null}
              allowDeselect={false}
              onChange={(value) => change({ team: value ?? '' })}
              error={errors.team}
            />
            <PersonPicker
              id="new-deputy"
              label={ask.deputy}
              description={ask.deputyHelp}
              value={idea.deputy}
              without={[me.name]}
              onChange={(deputy) => change({ deputy })}
              error={errors.deputy}
            />
          </div>
          {refused === null && <ProblemNote error={register.error} />}
          <div>
            <Button type="submit" variant="filled" loading={register.isPending}>
              {fresh.submit(idea.name)}
            </Button>
          </div>
        </form>
      </Columns>
    </Page>
  );
}
