import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { AppDetailView, VersionView } from '@/api';
import { submitMutation, withdrawMutation } from '@/api/@tanstack/react-query.gen';
import { Danger } from '@/kit/Danger';
import { problemOf } from '@/kit/problem';
import { Note, ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { propose as words } from '../actWords';
import { useFresh } from '../fresh';
import css from './versions.module.css';

interface Props {
  app: AppDetailView;
  version: VersionView;
  onClose: () => void;
}

/** Ask for a review of a version; what is missing stands here, with where it is mended. */
export function Propose({ app, version, onClose }: Props) {
  const fresh = useFresh();
  const [note, setNote] = useState('');
  const back = useMutation({ ...withdrawMutation(), onSuccess: fresh });
  const submit = useMutation({
    ...submitMutation(),
    onSuccess: async () => {
      onClose();
      const { environment } = version;
      toast(words.done(version.number), () => back.mutate({ path: { name: app.name }, body: { environment } }));
      await fresh();
    },
  });
  const open = submit.error ? problemOf(submit.error) : undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.title(app.name, version.number)}
      closeButtonProps={{ 'aria-label': words.cancel }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const { digest, environment } = version;
          submit.mutate({ path: { name: app.name }, body: { digest, environment, note: note.trim() } });
        }}
      >
        <p className="sm t2">{words.text}</p>
        <Textarea
          className={css.field}
          label={words.note}
          description={words.noteHelp}
          autosize
          minRows={3}
          maxLength={2000}
          data-autofocus
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {open?.code === 'checklist_open' && open.problems.length > 0 ? (
          <div className={css.field}>
            <Note tone="bad" role="alert">
              <b>{words.open(open.problems.length)}</b>
              <ul className={css.problems}>
                {open.problems.map((problem) => (
                  <li key={`${problem.place}${problem.detail}`}>
                    {problem.detail} <Fix app={app} place={problem.place} onClose={onClose} />
                  </li>
                ))}
              </ul>
            </Note>
          </div>
        ) : (
          Boolean(submit.error) && (
            <div className={css.field}>
              <ProblemNote error={submit.error} />
            </div>
          )
        )}
        <div className={css.foot}>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" variant="filled" loading={submit.isPending}>
            {words.send(version.number)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const places: Record<string, [string, string]> = {
  deputy_named: ['settings', 'deputy'],
  purpose_said: ['settings', 'purpose'],
  connection_exists: ['versions', 'bring'],
  data_class_allowed: ['connections', ''],
};

/** Where a check that does not pass is mended. */
function Fix({ app, place, onClose }: { app: AppDetailView; place: string; onClose: () => void }) {
  const [tab, hash] = places[place] ?? [];
  if (!tab) return null;
  return (
    <Link to={`/apps/${app.name}/${tab}`} {...(hash ? { hash } : {})} className="lk" onClick={onClose}>
      {words.fixes[place]}
    </Link>
  );
}

/** Take a version out of review; it may be proposed again at any time. */
export function Withdraw({ app, version, onClose }: Props) {
  const fresh = useFresh();
  const withdraw = useMutation({
    ...withdrawMutation(),
    onSuccess: async () => {
      onClose();
      toast(words.withdrawn(version.number));
      await fresh();
    },
  });
  return (
    <Danger
      opened
      onClose={onClose}
      title={words.withdrawTitle(version.number)}
      safe={words.keep}
      confirm={words.withdraw}
      busy={withdraw.isPending}
      error={withdraw.error}
      onConfirm={() => withdraw.mutate({ path: { name: app.name }, body: { environment: version.environment } })}
    >
      {words.withdrawText}
    </Danger>
  );
}
