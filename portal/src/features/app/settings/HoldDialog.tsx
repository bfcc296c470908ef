import { IconHandStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { AppDetailView } from '@/api';
import { liftQuarantineMutation, placeQuarantineMutation } from '@/api/@tanstack/react-query.gen';
import { Danger } from '@/kit/Danger';
import { day } from '@/kit/format';
import { toast } from '@/kit/toast';
import { useNames } from '@/session/names';
import { settings as words } from '../actWords';
import { useFresh } from '../fresh';
import { Impact } from './Impact';

/** Put an app on hold, or end the hold that is on it. */
export function HoldDialog({ app, onClose }: { app: AppDetailView; onClose: () => void }) {
  return app.quarantine === null ? <Hold app={app} onClose={onClose} /> : <Lift app={app} onClose={onClose} />;
}

function Hold({ app, onClose }: { app: AppDetailView; onClose: () => void }) {
  const fresh = useFresh();
  const lift = useMutation({ ...liftQuarantineMutation(), onSuccess: fresh });
  const hold = useMutation({
    ...placeQuarantineMutation(),
    onSuccess: async () => {
      onClose();
      toast(words.held(app.name), () => lift.mutate({ path: { name: app.name } }));
      await fresh();
    },
  });
  return (
    <Danger
      opened
      onClose={onClose}
      title={words.holdTitle(app.name)}
      stops={<Impact app={app.name} />}
      reason={words.holdReason}
      safe={words.holdSafe}
      confirm={words.hold}
      icon={<IconHandStop size={14} stroke={1.75} aria-hidden />}
      busy={hold.isPending}
      error={hold.error}
      onConfirm={(reason) => hold.mutate({ path: { name: app.name }, body: { reason } })}
    >
      {words.holdText}
    </Danger>
  );
}

function Lift({ app, onClose }: { app: AppDetailView; onClose: () => void }) {
  const fresh = useFresh();
  const nameOf = useNames();
  const held = app.quarantine;
  const again = useMutation({ ...placeQuarantineMutation(), onSuccess: fresh });
  const lift = useMutation({
    ...liftQuarantineMutation(),
    onSuccess: async () => {
      onClose();
      toast(words.lifted(app.name), () =>
        again.mutate({ path: { name: app.name }, body: { reason: held?.reason ?? '' } }),
      );
      await fresh();
    },
  });
  return (
    <Danger
      opened
      onClose={onClose}
      title={words.liftTitle(app.name)}
      stops={
        held && (
          <>
            <p>“{held.reason}”</p>
            <p className="t2">{words.liftWhy(nameOf(held.by).displayName, day(held.at))}</p>
          </>
        )
      }
      safe={words.liftSafe}
      confirm={words.lift}
      busy={lift.isPending}
      error={lift.error}
      onConfirm={() => lift.mutate({ path: { name: app.name } })}
    >
      {words.liftText}
    </Danger>
  );
}
