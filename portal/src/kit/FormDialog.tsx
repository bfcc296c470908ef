import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './danger.module.css';
import { ProblemNote } from './states/States';

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What it does, in a sentence or two. */
  lead?: ReactNode;
  children: ReactNode;
  cancel: string;
  /** A verb that says the result. */
  confirm: string;
  busy: boolean;
  error: unknown;
  size?: number;
  /** Buttons beside the verb. */
  extra?: ReactNode;
  onSubmit: () => void;
}

/** A small form over the page; Enter sends it, what was typed stays when it is refused. */
export function FormDialog({
  opened,
  onClose,
  title,
  lead,
  children,
  cancel,
  confirm,
  busy,
  error,
  size = 520,
  extra,
  onSubmit,
}: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': cancel }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
          focusFirstError(event.currentTarget);
        }}
      >
        {lead && <div className="sm t2">{lead}</div>}
        <div className={css.fields}>{children}</div>
        {Boolean(error) && (
          <div className={css.reason}>
            <ProblemNote error={error} />
          </div>
        )}
        <div className={css.foot}>
          {extra}
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" variant="filled" loading={busy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Put the focus on the first field that was refused, once React has marked it. */
export function focusFirstError(form: HTMLElement): void {
  requestAnimationFrame(() =>
    form
      .querySelector<HTMLElement>('[aria-invalid="true"]:is(input, select, textarea), [data-error="true"] input')
      ?.focus(),
  );
}
