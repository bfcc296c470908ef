import { Button, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './list.module.css';

interface Props {
  title: string;
  /** What the button that closes it is called. */
  close: string;
  /** What the button that leads back says: how much was found. */
  show: string;
  onClose: () => void;
  children: ReactNode;
}

/** The filters on a phone. */
export function FilterDrawer({ title, close, show, onClose, children }: Props) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="bottom"
      size="85%"
      title={title}
      closeButtonProps={{ 'aria-label': close }}
    >
      {children}
      <div className={css.drawerFoot}>
        <Button fullWidth variant="filled" onClick={onClose}>
          {show}
        </Button>
      </div>
    </Drawer>
  );
}
