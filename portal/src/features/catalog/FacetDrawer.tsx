import { Button, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './catalog.module.css';
import { words } from './words';

/** The filters on a phone; what they find is counted on the button that leads back. */
export function FacetDrawer({ total, onClose, children }: { total: number; onClose: () => void; children: ReactNode }) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="bottom"
      size="85%"
      title={words.facetsLabel}
      closeButtonProps={{ 'aria-label': words.closeFilter }}
    >
      {children}
      <div className={css.drawerFoot}>
        <Button fullWidth variant="filled" onClick={onClose}>
          {words.showFound(total)}
        </Button>
      </div>
    </Drawer>
  );
}
