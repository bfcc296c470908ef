import { Button } from '@mantine/core';
import { toasts as words } from '@/words/toasts';
import css from './toast.module.css';

/** Say that something was done; with `undo` there is a way back for ten seconds. */
export function toast(text: string, undo?: () => void): void {
  void show(text, undo);
}

async function show(text: string, undo?: () => void): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  const id = `toast-${Date.now()}-${Math.random()}`;
  notifications.show({
    id,
    autoClose: undo ? 10_000 : 4_000,
    withBorder: true,
    classNames: { root: css.root ?? '', description: css.text ?? '' },
    closeButtonProps: { 'aria-label': words.close },
    message: (
      <span className={css.row}>
        <span>{text}</span>
        {undo && (
          <Button
            size="xs"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {words.undo}
          </Button>
        )}
      </span>
    ),
  });
}
