import { Notifications } from '@mantine/notifications';

/** Where messages appear; no more at once than the page keeps free of what can have the focus. */
export default function Toasts() {
  return <Notifications position="bottom-right" limit={3} />;
}
