import { Select, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { DefinitionDetailView } from '@/api';
import { listEnvironmentsOptions, registerDefinitionMutation } from '@/api/@tanstack/react-query.gen';
import { type Errors, errorsOf, refusalIn } from '@/features/adopt/fields';
import { NameField, useTaken } from '@/features/adopt/NameField';
import { suggestName } from '@/features/adopt/names';
import { useOwnTeams } from '@/features/adopt/useTeams';
import { words as adopt } from '@/features/adopt/words';
import { plain } from '@/features/flow/graph';
import { PersonPicker } from '@/kit/fields/PersonPicker';
import { FormDialog } from '@/kit/FormDialog';
import { toast } from '@/kit/toast';
import { useMe } from '@/session/me';
import { definition } from '../definitionWords';

const ask = adopt.ask;
const words = definition.register;

/** Register what was found: filled in from what was read, with the few facts that no file tells. */
export default function RegisterDialog({ found, onClose }: { found: DefinitionDetailView; onClose: () => void }) {
  const me = useMe();
  const teams = useOwnTeams();
  const navigate = useNavigate();
  const environments = useQuery({ ...listEnvironmentsOptions(), staleTime: 60_000 }).data?.items ?? [];
  const { draft } = found;
  const [answers, setAnswers] = useState(() => ({
    title: plain(draft.title, 200) || plain(found.name, 200) || draft.name,
    name: draft.name || suggestName(found.name),
    team: draft.team,
    owner: draft.owner || me.name,
    deputy: draft.deputy,
    purpose: draft.purpose,
  }));
  const [environment, setEnvironment] = useState('production');
  const [asked, setAsked] = useState(false);
  const change = (part: Partial<typeof answers>) => setAnswers({ ...answers, ...part });
  const taken = useTaken(answers.name);
  const send = useMutation({
    ...registerDefinitionMutation(),
    onSuccess: ({ app }) => {
      toast(words.done(app.name));
      void navigate({ to: `/apps/${app.name}` });
    },
  });
  const refused = refusalIn(send.error);
  const errors: Errors = asked ? { ...refused, ...errorsOf(answers, taken) } : {};
  const submit = () => {
    setAsked(true);
    if (Object.keys(errorsOf(answers, taken)).length > 0) return;
    const { name, team, owner, deputy, purpose } = answers;
    send.mutate({
      path: { definition_id: found.id },
      body: { name, team, owner, deputy, purpose: purpose.trim(), environment },
    });
  };
  return (
    <FormDialog
      opened
      onClose={onClose}
      size={620}
      title={words.title(plain(found.name, 80))}
      lead={words.lead}
      cancel={words.cancel}
      confirm={words.confirm(answers.name)}
      busy={send.isPending}
      error={refused === null ? send.error : null}
      onSubmit={submit}
    >
      <NameField
        id="register-name"
        value={answers.name}
        onChange={(name) => change({ name })}
        taken={taken}
        error={errors.name}
      />
      <Textarea
        label={ask.purpose}
        description={plain(draft.questions['purpose'], 200) || ask.purposeHelp}
        autosize
        minRows={2}
        maxLength={2000}
        value={answers.purpose}
        onChange={(event) => change({ purpose: event.currentTarget.value })}
        error={errors.purpose}
      />
      <PersonPicker
        label={ask.owner}
        description={ask.ownerHelp}
        value={answers.owner}
        onChange={(owner) => change({ owner })}
        error={errors.owner}
        required
      />
      <PersonPicker
        label={ask.deputy}
        description={ask.deputyHelp}
        value={answers.deputy}
        without={[answers.owner]}
        onChange={(deputy) => change({ deputy })}
        error={errors.deputy}
      />
      <Select
        label={ask.team}
        placeholder={ask.teamHint}
        data={teams ?? []}
        value={answers.team || null}
        onChange={(team) => change({ team: team ?? '' })}
        allowDeselect={false}
        error={errors.team}
      />
      {environments.length > 1 && (
        <Select
          label={ask.environment}
          data={environments.map((each) => each.name)}
          value={environment}
          allowDeselect={false}
          onChange={(name) => name && setEnvironment(name)}
        />
      )}
    </FormDialog>
  );
}
