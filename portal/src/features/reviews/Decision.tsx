import { Button, Textarea } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useRef, useState } from 'react';
import type { DossierView } from '@/api';
import { approveMutation, refuseMutation } from '@/api/@tanstack/react-query.gen';
import { shortDigest } from '@/kit/format';
import { Card } from '@/kit/page/Parts';
import { ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useMay, useMe } from '@/session/me';
import { useNames } from '@/session/names';
import { Conflict, isConflict } from './Conflict';
import css from './review.module.css';
import { Withdraw } from './Withdraw';
import { decision as words, review } from './words';

interface Props {
  dossier: DossierView;
  reason: string;
  onReason: (text: string) => void;
  /** Where it stands, for whoever listens. */
  label: string;
}

/** Why this person may not approve it; empty when they may. */
function useWhyNot(dossier: DossierView): string {
  const me = useMe();
  const nameOf = useNames();
  const { standing, checks, team } = dossier;
  const failed = checks.filter((check) => check.required && !check.passed).length;
  if (!standing?.mayDecide) {
    const others = (standing?.deciders ?? []).filter((name) => name !== me.name).slice(0, 3);
    const who = words.why.ask(others.map((name) => nameOf(name).displayName));
    const parts = standing?.parts ?? [];
    return `${parts.length > 0 ? words.why.parts(parts) : words.why.role(team)} ${who}`;
  }
  return failed > 0 ? words.why.checks(failed) : '';
}

/** The decision: approve exactly what was read, or refuse it with a reason. */
export function Decision({ dossier, reason, onReason, label }: Props) {
  const may = useMay();
  const nameOf = useNames();
  const navigate = useNavigate();
  const client = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const whyId = useId();
  const [missing, setMissing] = useState(false);
  const whyNot = useWhyNot(dossier);
  const { app, number, environment, digest, id } = dossier;
  const name = review.name(app, number);
  const submitter = nameOf(dossier.submittedBy).displayName.split(' ')[0] ?? dossier.submittedBy;
  const settled = () => void client.invalidateQueries();

  const approve = useMutation({
    ...approveMutation(),
    onSuccess: (made) => {
      onReason('');
      toast(made.running ? words.approvedRunning(name) : words.approved(name), {
        label: words.end,
        act: () => void navigate({ to: `/reviews/${id}`, search: { end: '1' } }),
      });
    },
    onSettled: settled,
  });
  const refuse = useMutation({
    ...refuseMutation(),
    onSuccess: () => {
      onReason('');
      toast(words.refused(name, submitter));
    },
    onSettled: settled,
  });
  const error = approve.error ?? refuse.error;
  const busy = approve.isPending || refuse.isPending;
  const reviews = may('version:review', dossier.team);
  const tooEmpty = missing && reason.trim() === '';

  const onApprove = () => {
    refuse.reset();
    approve.mutate({ path: { name: app }, body: { environment, digest, reason: reason.trim() } });
  };
  const onRefuse = () => {
    setMissing(true);
    if (reason.trim() === '') {
      field.current?.focus();
      return;
    }
    approve.reset();
    refuse.mutate({ path: { name: app }, body: { environment, digest, reason: reason.trim() } });
  };

  return (
    <Card>
      <section className={css.decision} aria-label={label}>
        {isConflict(error) ? (
          <Conflict dossier={dossier} error={error} typed={reason !== ''} />
        ) : (
          <ProblemNote error={error} />
        )}
        {reviews && (
          <Textarea
            ref={field}
            label={
              <>
                {words.reason} <span className={css.kept}>{words.kept}</span>
              </>
            }
            placeholder={words.hint(submitter)}
            autosize
            minRows={2}
            maxRows={10}
            maxLength={4000}
            value={reason}
            onChange={(event) => onReason(event.currentTarget.value)}
            error={tooEmpty ? words.missing(submitter) : undefined}
          />
        )}
        <Button
          fullWidth
          variant="filled"
          disabled={whyNot !== '' || busy}
          loading={approve.isPending}
          aria-describedby={whyId}
          leftSection={<IconShieldCheck size={16} stroke={1.75} aria-hidden />}
          onClick={onApprove}
        >
          {words.approve(shortDigest(digest))}
        </Button>
        <p className="xs t3" id={whyId}>
          {whyNot || (dossier.comparedWith > 0 ? words.next.after(dossier.comparedWith) : words.next.first)}
        </p>
        {reviews && (
          <Button fullWidth variant="refuse" disabled={busy} loading={refuse.isPending} onClick={onRefuse}>
            {words.refuse}
          </Button>
        )}
        {may('version:submit', dossier.team) && <Withdraw dossier={dossier} />}
      </section>
    </Card>
  );
}
