import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  listConnectorsOptions,
  listCredentialsOptions,
  listEnvironmentsOptions,
  readConnectorOptions,
} from '@/api/@tanstack/react-query.gen';
import { fieldsOfKind } from '@/kit/credential';
import css from './connectors.module.css';
import { type FieldName, type Fields, nameFor } from './manifest';
import { form as says, words } from './words';

const ORDER = ['label', 'input', 'description', 'error'] as const;

/** The fields of a connection; what follows from the connector and the environment is filled in. */
export function ConnectionFields({
  fields,
  errors,
  isNew,
  onChange,
}: {
  fields: Fields;
  errors: Partial<Record<FieldName, string>>;
  isNew: boolean;
  onChange: (changes: Partial<Fields>) => void;
}) {
  const connectors = useQuery({ ...listConnectorsOptions(), enabled: isNew });
  const environments = useQuery({ ...listEnvironmentsOptions(), enabled: isNew });
  const credentials = useQuery(listCredentialsOptions());
  const connector = useQuery({
    ...readConnectorOptions({ path: { name: fields.connector }, query: { version: fields.version } }),
    enabled: fields.connector !== '' && fields.version !== '',
  });
  const kind = connector.data?.credentialKind ?? '';
  const needed = fieldsOfKind(kind);
  const fitting = (credentials.data?.items ?? []).filter(
    (each) =>
      each.environment === fields.environment &&
      (kind === '' || (each.fields.length === needed.length && needed.every((name) => each.fields.includes(name)))),
  );
  const names = [...new Set([...fitting.map((each) => each.name), ...(fields.credential ? [fields.credential] : [])])];

  const text = (name: FieldName, more: { description?: string; full?: boolean; inputMode?: 'numeric' } = {}) => (
    <TextInput
      className={more.full ? (css.full ?? '') : ''}
      label={says.labels[name]}
      description={more.description}
      inputWrapperOrder={[...ORDER]}
      inputMode={more.inputMode}
      autoCapitalize="none"
      spellCheck={false}
      value={fields[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      error={errors[name]}
    />
  );

  const choose = (chosen: { connector: string; environment: string }) => {
    const found = connectors.data?.items.find((each) => each.name === chosen.connector);
    // A name that somebody typed stays.
    const followed = fields.name === '' || fields.name === nameFor(fields.connector, fields.environment);
    const wanted = fieldsOfKind(found?.credentialKind ?? '');
    const own = (credentials.data?.items ?? []).filter(
      (each) =>
        each.environment === chosen.environment &&
        wanted.length > 0 &&
        each.fields.length === wanted.length &&
        wanted.every((name) => each.fields.includes(name)),
    );
    const likely = own.find((each) => each.name.includes(chosen.connector)) ?? (own.length === 1 ? own[0] : undefined);
    onChange({
      ...chosen,
      version: found?.version ?? '',
      credential: likely?.name ?? '',
      ...(followed && chosen.connector ? { name: nameFor(chosen.connector, chosen.environment) } : {}),
    });
  };

  return (
    <div className={css.fields}>
      {isNew && (
        <>
          <NativeSelect
            label={says.labels.connector}
            data-autofocus
            value={fields.connector}
            onChange={(event) => choose({ connector: event.currentTarget.value, environment: fields.environment })}
            data={[
              { value: '', label: says.choose },
              ...(connectors.data?.items ?? []).map((each) => ({ value: each.name, label: each.title })),
            ]}
            error={errors.connector}
          />
          <NativeSelect
            label={says.labels.environment}
            value={fields.environment}
            onChange={(event) => choose({ connector: fields.connector, environment: event.currentTarget.value })}
            data={[
              { value: '', label: says.choose },
              ...(environments.data?.items ?? []).map((each) => ({ value: each.name, label: each.name })),
            ]}
            error={errors.environment}
          />
          {text('name', { description: says.hints.name, full: true })}
        </>
      )}
      {text('upstream', { description: says.hints.upstream, full: true })}
      <NativeSelect
        label={says.labels.version}
        value={fields.version}
        onChange={(event) => onChange({ version: event.currentTarget.value })}
        data={[...new Set([...(connector.data?.versions ?? []), ...(fields.version ? [fields.version] : [''])])]}
        error={errors.version}
      />
      <NativeSelect
        label={says.labels.network}
        description={says.hints.network}
        inputWrapperOrder={[...ORDER]}
        value={fields.network}
        onChange={(event) => onChange({ network: event.currentTarget.value })}
        data={says.networks}
        error={errors.network}
      />
      <NativeSelect
        label={says.labels.credential}
        description={
          kind === 'none' ? (
            says.hints.noCredential
          ) : fitting.length === 0 && fields.environment !== '' && kind !== '' ? (
            <>
              {says.hints.noneSet}{' '}
              <Link to="/credentials" className="lk">
                {says.hints.setOne}
              </Link>
            </>
          ) : kind ? (
            says.hints.credential(words.kinds[kind] ?? kind)
          ) : undefined
        }
        inputWrapperOrder={[...ORDER]}
        disabled={kind === 'none'}
        value={fields.credential}
        onChange={(event) => onChange({ credential: event.currentTarget.value })}
        data={[{ value: '', label: says.none }, ...names]}
        error={errors.credential}
      />
      {text('region', { description: says.hints.region })}
      {text('callsPerMinute', {
        inputMode: 'numeric',
        ...(connector.data
          ? { description: says.hints.limits(connector.data.callsPerMinute, connector.data.burst) }
          : {}),
      })}
      {text('burst', { inputMode: 'numeric' })}
    </div>
  );
}
