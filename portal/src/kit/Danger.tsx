import { Button, Modal, Textarea } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { danger as words } from '@/words/danger';
import css from './danger.module.css';
import { ProblemNote } from './states/States';

interface Props {
  opened: boolean;
  onClose: () => void;
  /** The act as a question: `Quarantine commission-sheet?` */
  title: string;
  /** What it means, in a sentence or two. */
  children: ReactNode;
  /** What stops, a line each. */
  stops?: ReactNode;
  /** What the reason is for; without it none is asked. */
  reason?: string;
  safe: string;
  confirm: string;
  icon?: ReactNode;
  busy: boolean;
  error: unknown;
  onConfirm: (reason: string) => void;
}

/** A dangerous act: what stops stands first, the reason is kept, the safe choice has the focus. */
export function Danger({
  opened,
  onClose,
  title,
  children,
  stops,
  reason,
  safe,
  confirm,
  icon,
  busy,
  error,
  onConfirm,
}: Props) {
  const [given, setGiven] = useState('');
  const [asked, setAsked] = useState(false);
  const missing = reason !== undefined && given.trim() === '';
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': safe }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (!missing) onConfirm(given.trim());
        }}
      >
        <div className="sm t2">{children}</div>
        {stops && <div className={css.stops}>{stops}</div>}
        {reason !== undefined && (
          <Textarea
            className={css.reason}
            label={reason}
            autosize
            minRows={2}
            value={given}
            onChange={(event) => setGiven(event.currentTarget.value)}
            error={asked && missing ? words.reasonMissing : undefined}
          />
        )}
        {Boolean(error) && (
          <div className={css.reason}>
            <ProblemNote error={error} />
          </div>
        )}
        <div className={css.foot}>
          <Button onClick={onClose} data-autofocus>
            {safe}
          </Button>
          <Button type="submit" variant="danger" loading={busy} leftSection={icon}>
            {confirm}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
