import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type VerdictView, verifyLog } from '@/api';
import { Copyable } from '@/kit/Copyable';
import { FormDialog } from '@/kit/FormDialog';
import { Note } from '@/kit/states/States';
import css from './audit.module.css';
import { verifying as says } from './words';

function Verdict({ found, compared }: { found: VerdictView; compared: boolean }) {
  if (found.fault !== null) {
    return (
      <Note tone="bad" role="alert">
        <b>{says.broken}</b> {found.fault.seq !== null && says.brokenAt(found.fault.seq)} {found.fault.text} {says.keep}
        <p className="xs">
          <code>{found.fault.kind}</code> <code>{found.fault.eventId}</code>
        </p>
      </Note>
    );
  }
  return (
    <Note tone="ok" role="status">
      <b>{says.intact(found.rows)}</b> {says.intactText} {compared && says.matches}{' '}
      {found.waiting > 0 && says.waiting(found.waiting)}
      <p className="xs t2">{says.note}</p>
      <div className={css.head}>
        <Copyable value={found.head} label={says.labelHead} />
      </div>
    </Note>
  );
}

/** Recompute the chain of the log, and prove a head that was noted earlier. */
export function Verify({ onClose }: { onClose: () => void }) {
  const [head, setHead] = useState('');
  const verify = useMutation({
    mutationFn: async (wanted: string) => {
      const { data } = await verifyLog({ query: wanted ? { head: wanted } : {}, throwOnError: true });
      return { found: data, compared: wanted !== '' };
    },
  });
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={says.title}
      lead={says.lead}
      cancel={says.cancel}
      confirm={verify.data ? says.again : says.confirm}
      busy={verify.isPending}
      error={verify.error}
      onSubmit={() => verify.mutate(head.trim())}
    >
      <TextInput
        label={says.head}
        description={says.headHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        data-autofocus
        spellCheck={false}
        value={head}
        onChange={(event) => setHead(event.currentTarget.value)}
      />
      {verify.data && <Verdict {...verify.data} />}
    </FormDialog>
  );
}
