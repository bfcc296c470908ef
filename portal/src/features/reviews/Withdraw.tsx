import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DossierView } from '@/api';
import { withdrawMutation } from '@/api/@tanstack/react-query.gen';
import { Danger } from '@/kit/Danger';
import { toast } from '@/kit/toast';
import { decision as words, review } from './words';

/** For builders: take the version out of review. */
export function Withdraw({ dossier }: { dossier: DossierView }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const name = review.name(dossier.app, dossier.number);
  const withdraw = useMutation({
    ...withdrawMutation(),
    onSuccess: () => {
      setAsked(false);
      toast(words.withdrawn(name));
    },
    onSettled: () => void client.invalidateQueries(),
  });
  return (
    <>
      <Button fullWidth onClick={() => setAsked(true)}>
        {words.withdraw}
      </Button>
      <p className="xs t3">{words.withdrawText}</p>
      <Danger
        opened={asked}
        onClose={() => setAsked(false)}
        title={words.withdrawTitle(name)}
        safe={words.keep}
        confirm={words.withdraw}
        busy={withdraw.isPending}
        error={withdraw.error}
        onConfirm={() => withdraw.mutate({ path: { name: dossier.app }, body: { environment: dossier.environment } })}
      >
        {words.withdrawBody}
      </Danger>
    </>
  );
}
