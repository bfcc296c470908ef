import { NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SourceNewWritable, SourceView } from '@/api';
import { addSourceMutation, bindSourceMutation, removeSourceMutation } from '@/api/@tanstack/react-query.gen';
import { Danger } from '@/kit/Danger';
import { FormDialog } from '@/kit/FormDialog';
import { Note } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useRefresh } from '@/live/refresh';
import { useNames } from '@/session/names';
import { type AppChoice, AppFields } from './AppFields';
import css from './sources.module.css';
import { binding, form as says, removal } from './words';

const ORDER = ['label', 'input', 'description', 'error'] as const;
const PRODUCTION: AppChoice = { app: '', environment: 'production', part: '' };

/** Add a builder instance: first what would be watched, then it is. */
export function AddSource({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh();
  const nameOf = useNames();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const [interval, setInterval] = useState('5');
  const [network, setNetwork] = useState('public');
  const [app, setApp] = useState(PRODUCTION);
  const [asked, setAsked] = useState(false);
  const [checked, setChecked] = useState<{ body: string; view: SourceView } | null>(null);
  const add = useMutation(addSourceMutation());
  const body: SourceNewWritable = {
    name: name.trim(),
    url: url.trim(),
    network,
    intervalS: Number(interval),
    token: token.trim() || null,
    app: app.app.trim(),
    environment: app.environment,
    part: app.part.trim(),
  };
  const written = JSON.stringify(body);
  const ready = checked?.body === written;
  const wrongInterval = !/^\d{1,4}$/.test(interval.trim()) || Number(interval) < 1 || Number(interval) > 3600;
  const missing = (text: string) => (asked && text.trim() === '' ? says.missing : undefined);
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={says.title}
      lead={says.lead}
      cancel={says.cancel}
      confirm={ready ? says.confirm : says.check}
      busy={add.isPending}
      error={add.error}
      onSubmit={() => {
        setAsked(true);
        if (!body.name || !body.url || !body.app || wrongInterval) return;
        add.mutate(
          { body: body as never, query: { dryRun: !ready } },
          {
            onSuccess: (view) => {
              if (!ready) {
                setChecked({ body: written, view });
                return;
              }
              toast(says.done(view.name));
              refresh('listSources', 'showSource');
              onClose();
            },
          },
        );
      }}
    >
      <TextInput
        label={says.name}
        description={says.nameHint}
        inputWrapperOrder={[...ORDER]}
        data-autofocus
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={missing(name)}
      />
      <TextInput
        label={says.url}
        description={says.urlHint}
        inputWrapperOrder={[...ORDER]}
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        error={missing(url)}
      />
      <PasswordInput
        label={says.token}
        description={says.tokenHint}
        inputWrapperOrder={[...ORDER]}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': says.tokenToggle }}
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
      />
      <AppFields
        value={app}
        onChange={(changes) => setApp((had) => ({ ...had, ...changes }))}
        error={missing(app.app)}
      />
      <div className={css.two}>
        <NativeSelect
          label={says.network}
          value={network}
          onChange={(event) => setNetwork(event.currentTarget.value)}
          data={says.networks}
        />
        <TextInput
          label={says.interval}
          inputMode="numeric"
          value={interval}
          onChange={(event) => setInterval(event.currentTarget.value)}
          error={asked && wrongInterval ? says.badInterval : undefined}
        />
      </div>
      {ready && checked && (
        <Note tone="acc" role="status">
          <b>{says.planTitle}.</b>{' '}
          {says.plan(checked.view.name, checked.view.url, app.app.trim(), app.environment, checked.view.intervalS)}{' '}
          {says.planTeam(checked.view.team, nameOf(checked.view.owner).displayName)}
        </Note>
      )}
    </FormDialog>
  );
}

/** Watch one more app in a builder that is known. */
export function BindApp({ source, onClose }: { source: SourceView; onClose: () => void }) {
  const refresh = useRefresh();
  const [app, setApp] = useState(PRODUCTION);
  const [asked, setAsked] = useState(false);
  const bind = useMutation({
    ...bindSourceMutation(),
    onSuccess: () => {
      toast(binding.done(app.app.trim()));
      refresh('listSources', 'showSource');
      onClose();
    },
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={binding.title(source.name)}
      lead={binding.lead}
      cancel={says.cancel}
      confirm={binding.confirm}
      busy={bind.isPending}
      error={bind.error}
      onSubmit={() => {
        setAsked(true);
        if (app.app.trim() === '') return;
        bind.mutate({
          path: { name: source.name },
          body: { app: app.app.trim(), environment: app.environment, part: app.part.trim() },
        });
      }}
    >
      <AppFields
        value={app}
        onChange={(changes) => setApp((had) => ({ ...had, ...changes }))}
        error={asked && app.app.trim() === '' ? says.missing : undefined}
      />
    </FormDialog>
  );
}

/** Stop watching a builder. */
export function RemoveSource({ source, onClose }: { source: SourceView; onClose: () => void }) {
  const refresh = useRefresh();
  const remove = useMutation({
    ...removeSourceMutation(),
    onSuccess: () => {
      toast(removal.done(source.name));
      refresh('listSources');
      onClose();
    },
  });
  return (
    <Danger
      opened
      onClose={onClose}
      title={removal.title(source.name)}
      stops={source.bindings.map((each) => (
        <p key={`${each.app}${each.environment}`}>{removal.stops(each.app)}</p>
      ))}
      safe={removal.safe}
      confirm={removal.confirm}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ path: { name: source.name } })}
    >
      {removal.text}
    </Danger>
  );
}
