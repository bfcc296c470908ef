import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DraftView } from '@/api';
import { listEnvironmentsOptions } from '@/api/@tanstack/react-query.gen';
import { PersonPicker } from '@/kit/fields/PersonPicker';
import { ProblemNote } from '@/kit/states/States';
import css from './adopt.module.css';
import { Connections } from './Connections';
import { DataField } from './DataField';
import { type Errors, errorsOf, focusFirst, refusalIn } from './fields';
import type { Answers } from './manifest';
import { NameField, useTaken } from './NameField';
import { useOwnTeams } from './useTeams';
import { words } from './words';

const ask = words.ask;

interface Props {
  draft: DraftView;
  answers: Answers;
  environment: string;
  onChange: (part: Partial<Answers>) => void;
  onEnvironment: (environment: string) => void;
  busy: boolean;
  error: unknown;
  onSubmit: () => void;
}

/** The facts that no file tells, and which connections the app may use. */
export function Confirm({ draft, answers, environment, onChange, onEnvironment, busy, error, onSubmit }: Props) {
  const [asked, setAsked] = useState(false);
  const teams = useOwnTeams();
  const environments = useQuery({ ...listEnvironmentsOptions(), staleTime: 60_000 }).data?.items ?? [];
  const taken = useTaken(answers.name);
  const refused = refusalIn(error);
  const errors: Errors = asked ? { ...refused, ...errorsOf(answers, taken) } : {};
  return (
    <form
      className={css.stack}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        const found = errorsOf(answers, taken);
        if (Object.keys(found).length > 0) focusFirst(found, 'adopt');
        else onSubmit();
      }}
    >
      <div className={css.two}>
        <TextInput
          id="adopt-title"
          label={ask.appTitle}
          description={ask.appTitleHelp}
          value={answers.title}
          onChange={(event) => onChange({ title: event.currentTarget.value })}
          error={errors.title}
        />
        <NameField
          id="adopt-name"
          value={answers.name}
          onChange={(name) => onChange({ name })}
          taken={taken}
          error={errors.name}
        />
      </div>
      <Textarea
        id="adopt-purpose"
        label={ask.purpose}
        description={ask.purposeHelp}
        autosize
        minRows={2}
        maxLength={2000}
        value={answers.purpose}
        onChange={(event) => onChange({ purpose: event.currentTarget.value })}
        error={errors.purpose}
      />
      <div className={css.two}>
        <PersonPicker
          id="adopt-owner"
          label={ask.owner}
          description={ask.ownerHelp}
          value={answers.owner}
          onChange={(owner) => onChange({ owner })}
          error={errors.owner}
          required
        />
        <PersonPicker
          id="adopt-deputy"
          label={ask.deputy}
          description={ask.deputyHelp}
          value={answers.deputy}
          without={[answers.owner]}
          onChange={(deputy) => onChange({ deputy })}
          error={errors.deputy}
        />
      </div>
      <div className={css.two}>
        <Select
          id="adopt-team"
          label={ask.team}
          placeholder={ask.teamHint}
          data={teams ?? []}
          value={answers.team || null}
          onChange={(team) => onChange({ team: team ?? '' })}
          allowDeselect={false}
          error={errors.team}
        />
        {environments.length > 1 && (
          <Select
            label={ask.environment}
            data={environments.map((each) => each.name)}
            value={environment}
            allowDeselect={false}
            onChange={(name) => name && onEnvironment(name)}
          />
        )}
      </div>
      <DataField value={answers.dataClasses} onChange={(dataClasses) => onChange({ dataClasses })} />
      <Connections
        draft={draft}
        environment={environment}
        uses={answers.uses}
        onChange={(uses) => onChange({ uses })}
      />
      {refused === null && <ProblemNote error={error} />}
      <div className={css.row}>
        <Button type="submit" variant="filled" loading={busy}>
          {ask.submit(answers.name)}
        </Button>
        <span className="xs t3">{ask.draft}</span>
      </div>
    </form>
  );
}
