import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { enrolHubMutation, removeHubMutation } from '@/api/@tanstack/react-query.gen';
import { Copyable } from '@/kit/Copyable';
import { Danger } from '@/kit/Danger';
import { FormDialog } from '@/kit/FormDialog';
import { Note } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useRefresh } from '@/live/refresh';
import css from './hub.module.css';
import { words } from './words';

/** Enrol a hub; its token is shown once, and only the person closes it. */
export function EnrolHub({ onClose }: { onClose: () => void }) {
  const says = words.enrol;
  const refresh = useRefresh();
  const [name, setName] = useState('');
  const [region, setRegion] = useState('');
  const [asked, setAsked] = useState(false);
  const enrol = useMutation({ ...enrolHubMutation(), onSuccess: () => refresh('listHubs') });
  if (enrol.data) {
    const command = `HANDRAIL_URL=${window.location.origin} HANDRAIL_HUB_TOKEN=${enrol.data.token} handrail hub`;
    return (
      <Modal
        opened
        onClose={onClose}
        title={says.doneTitle(enrol.data.name)}
        size={560}
        closeOnClickOutside={false}
        closeOnEscape={false}
        withCloseButton={false}
      >
        <Note tone="warn">
          <b>{says.once}</b> {says.doneText}
        </Note>
        <div className={css.once}>
          <Copyable value={enrol.data.token} label={says.token} />
          <Copyable value={command} label={says.command} />
        </div>
        <div className={css.foot}>
          <Button variant="filled" onClick={onClose} data-autofocus>
            {says.close}
          </Button>
        </div>
      </Modal>
    );
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={says.title}
      lead={says.lead}
      cancel={says.cancel}
      confirm={says.confirm}
      busy={enrol.isPending}
      error={enrol.error}
      onSubmit={() => {
        setAsked(true);
        if (name.trim()) enrol.mutate({ body: { name: name.trim(), region: region.trim() || 'local' } });
      }}
    >
      <TextInput
        label={says.name}
        description={says.nameHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data-autofocus
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={asked && name.trim() === '' ? says.missing : undefined}
      />
      <TextInput
        label={says.region}
        description={says.regionHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autoCapitalize="none"
        spellCheck={false}
        value={region}
        onChange={(event) => setRegion(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** Forget a hub. */
export function RemoveHub({ name, onClose }: { name: string; onClose: () => void }) {
  const says = words.remove;
  const refresh = useRefresh();
  const navigate = useNavigate();
  const remove = useMutation({
    ...removeHubMutation(),
    onSuccess: async () => {
      toast(says.done(name));
      await navigate({ to: '/hubs' });
      refresh('listHubs');
    },
  });
  return (
    <Danger
      opened
      onClose={onClose}
      title={says.title(name)}
      stops={
        <>
          <p>{says.stops(name)}</p>
          <p>{says.stopsApprovals}</p>
        </>
      }
      safe={says.safe}
      confirm={says.confirm}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ path: { name } })}
    >
      {says.text}
    </Danger>
  );
}
