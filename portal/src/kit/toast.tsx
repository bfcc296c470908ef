import { Button } from '@mantine/core';
import { toasts as words } from '@/words/toasts';
import css from './toast.module.css';

export interface ToastAction {
  label: string;
  act: () => void;
}

/** Say that something was done; with `undo` there is a way back for ten seconds, with an action another way on. */
export function toast(text: string, undo?: (() => void) | ToastAction): void {
  void show(text, typeof undo === 'function' ? { label: words.undo, act: undo } : undo);
}

async function show(text: string, action?: ToastAction): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  const id = `toast-${Date.now()}-${Math.random()}`;
  notifications.show({
    id,
    autoClose: action ? 10_000 : 4_000,
    withBorder: true,
    classNames: { root: css.root ?? '', description: css.text ?? '' },
    closeButtonProps: { 'aria-label': words.close },
    message: (
      <span className={css.row}>
        <span>{text}</span>
        {action && (
          <Button
            size="xs"
            onClick={() => {
              notifications.hide(id);
              action.act();
            }}
          >
            {action.label}
          </Button>
        )}
      </span>
    ),
  });
}
