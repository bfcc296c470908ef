import { IconArchive } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { AppDetailView } from '@/api';
import { retireAppMutation } from '@/api/@tanstack/react-query.gen';
import { Danger } from '@/kit/Danger';
import { toast } from '@/kit/toast';
import { settings as words } from '../actWords';
import { useFresh } from '../fresh';
import { Impact } from './Impact';

/** End an app for good. Only in the state that this person sees: a change meanwhile is shown first. */
export function RetireDialog({ app, onClose }: { app: AppDetailView; onClose: () => void }) {
  const fresh = useFresh();
  const retire = useMutation({
    ...retireAppMutation(),
    onSuccess: async () => {
      onClose();
      toast(words.retired(app.name));
      await fresh();
    },
  });
  return (
    <Danger
      opened
      onClose={onClose}
      title={words.retireTitle(app.name)}
      stops={<Impact app={app.name} />}
      reason={words.retireReason}
      safe={words.retireSafe}
      confirm={words.retire}
      icon={<IconArchive size={14} stroke={1.75} aria-hidden />}
      busy={retire.isPending}
      error={retire.error}
      onConfirm={(reason) =>
        retire.mutate({
          path: { name: app.name },
          headers: { 'if-match': `"${app.etag}"` },
          body: { reason },
        })
      }
    >
      {words.retireText}
    </Danger>
  );
}
