import { Notifications } from '@mantine/notifications';

/** Where messages appear. */
export default function Toasts() {
  return <Notifications position="bottom-right" />;
}
