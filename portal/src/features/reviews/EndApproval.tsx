import { Button } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { DossierView } from '@/api';
import { readRunningOptions, revokeMutation } from '@/api/@tanstack/react-query.gen';
import { Danger } from '@/kit/Danger';
import { toast } from '@/kit/toast';
import { decision, outcome as words, review } from './words';

/** The way back from an approval. Its dialog has an address, so that the message after a decision can lead there. */
export function EndApproval({ dossier }: { dossier: DossierView }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { app, number, environment, digest, id } = dossier;
  const asked = (useSearch({ strict: false }) as { end?: string }).end !== undefined;
  const running = useQuery({ ...readRunningOptions({ path: { name: app } }), enabled: asked });
  const runs = running.data?.items.some((each) => each.environment === environment && each.digest === digest);
  const name = review.name(app, number);
  const show = (end?: string) =>
    void navigate({ to: `/reviews/${id}`, search: end ? { end } : {}, replace: true, resetScroll: false });
  const revoke = useMutation({
    ...revokeMutation(),
    onSuccess: () => {
      show();
      toast(decision.ended(name));
    },
    onSettled: () => void client.invalidateQueries(),
  });
  return (
    <>
      <Button size="xs" variant="refuse" className="no-print" onClick={() => show('1')}>
        {words.end}
      </Button>
      <Danger
        opened={asked}
        onClose={() => show()}
        title={words.endTitle(name)}
        stops={
          <>
            <p>{words.endStops(environment)}</p>
            {runs && <p>{words.endRuns}</p>}
          </>
        }
        reason={words.endReason}
        safe={words.endSafe}
        confirm={words.endConfirm}
        icon={<IconBan size={16} stroke={1.75} aria-hidden />}
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={(reason) => revoke.mutate({ path: { name: app }, body: { environment, digest, reason } })}
      >
        {words.endBody}
      </Danger>
    </>
  );
}
