import { ActionIcon, Button, Modal, NativeSelect, SegmentedControl, Textarea } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppDetailView, NewClientView } from '@/api';
import { addClientMutation, listEnvironmentsOptions } from '@/api/@tanstack/react-query.gen';
import { ProblemNote } from '@/kit/states/States';
import { copy } from '@/kit/copy';
import { connections as words } from '../actWords';
import { useFresh } from '../fresh';
import css from './connections.module.css';

interface Props {
  app: AppDetailView;
  environment: string;
  onClose: () => void;
}

/** Add something to sign in with; a secret stays on the page until whoever asked for it has it. */
export function AddClient({ app, environment, onClose }: Props) {
  const fresh = useFresh();
  const environments = useQuery(listEnvironmentsOptions());
  const [place, setPlace] = useState(environment);
  const [way, setWay] = useState<'secret' | 'key'>('secret');
  const [key, setKey] = useState('');
  const [wrong, setWrong] = useState(false);
  const [made, setMade] = useState<NewClientView | null>(null);
  const add = useMutation({
    ...addClientMutation(),
    // Neither secret is kept longer than this dialog.
    gcTime: 0,
    onSuccess: async (client) => {
      setMade(client);
      await fresh();
    },
  });
  if (made) return <Made made={made} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={words.addTitle(app.name)} closeButtonProps={{ 'aria-label': words.cancel }}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const publicKey = way === 'key' ? parsed(key) : null;
          setWrong(publicKey === undefined);
          if (publicKey !== undefined)
            add.mutate({ path: { name: app.name }, body: { environment: place, publicKey } });
        }}
      >
        <p className="sm t2">{words.addText}</p>
        <NativeSelect
          label={words.environment}
          data={(environments.data?.items ?? [{ name: environment }]).map((each) => each.name)}
          value={place}
          onChange={(event) => setPlace(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label={words.way}
          value={way}
          onChange={(value) => setWay(value as 'secret' | 'key')}
          data={[
            { value: 'secret', label: words.withSecret },
            { value: 'key', label: words.withKey },
          ]}
        />
        {way === 'key' && (
          <Textarea
            label={words.key}
            description={words.keyHelp}
            autosize
            minRows={4}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            error={wrong ? words.keyInvalid : undefined}
          />
        )}
        <ProblemNote error={add.error} />
        <div className={css.foot}>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" variant="filled" loading={add.isPending}>
            {words.make}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null && !Array.isArray(found)
      ? (found as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The one time that a secret is shown: only a button closes it, so that no slip loses it. */
function Made({ made, onClose }: { made: NewClientView; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title={made.secret ? words.secretTitle : words.secretKey}
    >
      <p className="sm t2">{made.secret ? words.secretText : words.secretKeyText}</p>
      <dl className={css.made}>
        <Copied label={words.id} value={made.id} />
        {made.secret && <Copied label={words.secret} value={made.secret} />}
        <Copied label={words.endpoint} value={made.tokenEndpoint} />
      </dl>
      <div className={css.foot}>
        <Button variant="filled" onClick={onClose}>
          {made.secret ? words.done : words.close}
        </Button>
      </div>
    </Modal>
  );
}

function Copied({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="xs t3">{label}</dt>
      <dd className={css.address}>
        <code>{value}</code>
        <ActionIcon
          variant="subtle"
          size={28}
          aria-label={`${words.copy}: ${label}`}
          onClick={() => void copy(value, words.copied)}
        >
          <IconCopy size={14} stroke={1.75} aria-hidden />
        </ActionIcon>
      </dd>
    </div>
  );
}
