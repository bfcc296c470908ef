import { IconArrowBackUp } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { AppDetailView, VersionView } from '@/api';
import { rollBackMutation, setRunningMutation } from '@/api/@tanstack/react-query.gen';
import { Danger } from '@/kit/Danger';
import { toast } from '@/kit/toast';
import { rollBack as words } from '../actWords';
import { useFresh } from '../fresh';
import type { Match } from '../model';
import { v } from '../words';

interface Props {
  app: AppDetailView;
  match: Match;
  version: VersionView;
  onClose: () => void;
}

/** Make a version that is still approved the running one: a step back, or a word about what runs. */
export function RollBack({ app, match, version, onClose }: Props) {
  const fresh = useFresh();
  const before = match.running;
  const { environment } = version;
  const back = useMutation({ ...setRunningMutation(), onSuccess: fresh });
  const roll = useMutation({
    ...rollBackMutation(),
    onSuccess: async () => {
      onClose();
      toast(
        words.done(version.number),
        before && (() => back.mutate({ path: { name: app.name }, body: { environment, digest: before.digest } })),
      );
      await fresh();
    },
  });
  const older = before !== undefined && version.number < before.number;
  return (
    <Danger
      opened
      onClose={onClose}
      title={(older ? words.title : words.sayTitle)(app.name, version.number)}
      safe={words.safe}
      confirm={(older ? words.confirm : words.say)(version.number)}
      icon={older ? <IconArrowBackUp size={14} stroke={1.75} aria-hidden /> : undefined}
      busy={roll.isPending}
      error={roll.error}
      onConfirm={() => roll.mutate({ path: { name: app.name }, body: { environment, digest: version.digest } })}
    >
      {older ? words.text(v(before.number), environment) : words.sayText(environment)}
    </Danger>
  );
}
