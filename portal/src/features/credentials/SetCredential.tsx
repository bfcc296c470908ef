import { NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listEnvironmentsOptions, readConnectorOptions, setCredentialMutation } from '@/api/@tanstack/react-query.gen';
import { fieldsOfKind } from '@/kit/credential';
import { FormDialog } from '@/kit/FormDialog';
import { toast } from '@/kit/toast';
import { useRefresh } from '@/live/refresh';
import type { Entry } from './entries';
import { fieldName, form as says } from './words';

const ORDER = ['label', 'input', 'description', 'error'] as const;

/** Write a credential: its fields follow from what its connector needs, and its values leave this page only once. */
export function SetCredential({ entry, onClose }: { entry: Entry | null; onClose: () => void }) {
  const refresh = useRefresh();
  const environments = useQuery({ ...listEnvironmentsOptions(), enabled: entry === null });
  const connector = useQuery({
    ...readConnectorOptions({ path: { name: entry?.connectors[0] ?? '' } }),
    enabled: entry !== null && entry.held === null && entry.connectors.length > 0,
  });
  const [name, setName] = useState(entry?.name ?? '');
  const [environment, setEnvironment] = useState(entry?.environment ?? '');
  const [kind, setKind] = useState('bearer');
  const [values, setValues] = useState<Record<string, string>>({});
  const [asked, setAsked] = useState(false);
  const fields = entry?.held
    ? // The user name comes before the password.
      entry.held.fields.toSorted((a, b) => b.localeCompare(a))
    : fieldsOfKind(entry ? (connector.data?.credentialKind ?? '') : kind);
  const put = useMutation({
    ...setCredentialMutation(),
    onSuccess: (made) => {
      toast(entry ? says.done(made.name, made.version) : says.doneNew(made.name));
      refresh('listCredentials', 'listConnections');
      onClose();
    },
  });
  const complete =
    name.trim() !== '' &&
    environment !== '' &&
    fields.length > 0 &&
    fields.every((field) => (values[field] ?? '') !== '');
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={entry?.held ? says.title(entry.name) : entry ? says.first(entry.name) : says.title('')}
      lead={`${says.lead} ${says.used(entry?.usedBy ?? [])}`.trim()}
      cancel={says.cancel}
      confirm={says.confirm}
      busy={put.isPending}
      error={put.error}
      onSubmit={() => {
        setAsked(true);
        if (!complete) return;
        put.mutate({
          path: { name: name.trim(), environment },
          body: { fields: Object.fromEntries(fields.map((field) => [field, values[field] ?? ''])) } as never,
        });
      }}
    >
      {entry === null && (
        <>
          <TextInput
            label={says.name}
            description={says.nameHint}
            inputWrapperOrder={[...ORDER]}
            data-autofocus
            autoCapitalize="none"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={asked && name.trim() === '' ? says.missingName : undefined}
          />
          <NativeSelect
            label={says.environment}
            value={environment}
            onChange={(event) => setEnvironment(event.currentTarget.value)}
            data={[{ value: '', label: says.choose }, ...(environments.data?.items.map((each) => each.name) ?? [])]}
            error={asked && environment === '' ? says.missingEnvironment : undefined}
          />
          <NativeSelect
            label={says.kind}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value)}
            data={says.kinds}
          />
        </>
      )}
      {fields.map((field, index) => (
        <PasswordInput
          key={field}
          label={fieldName(field)}
          data-autofocus={entry !== null && index === 0 ? true : undefined}
          // Not the person's own password: nothing here may be offered to be kept.
          autoComplete="new-password"
          spellCheck={false}
          visibilityToggleButtonProps={{ 'aria-label': says.visibility(fieldName(field)) }}
          value={values[field] ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setValues((had) => ({ ...had, [field]: value }));
          }}
          error={asked && (values[field] ?? '') === '' ? says.missing(fieldName(field)) : undefined}
        />
      ))}
    </FormDialog>
  );
}
