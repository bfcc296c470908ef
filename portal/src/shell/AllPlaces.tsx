import { Drawer } from '@mantine/core';
import { shell as words } from '@/words/shell';
import Account from './Account';
import { Places } from './Shell';
import css from './shell.module.css';

/** Every place, on a phone. */
export default function AllPlaces({ onClose }: { onClose: () => void }) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="bottom"
      size="80%"
      title={words.menu}
      closeButtonProps={{ 'aria-label': words.closeMenu }}
    >
      <nav className={css.drawer} aria-label={words.menu}>
        <Places onGo={onClose} />
        <Account />
      </nav>
    </Drawer>
  );
}
