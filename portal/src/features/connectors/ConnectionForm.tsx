import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { PlanView } from '@/api';
import { applyConnectionMutation } from '@/api/@tanstack/react-query.gen';
import { focusFirstError } from '@/kit/FormDialog';
import { problemOf } from '@/kit/problem';
import { ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useRefresh } from '@/live/refresh';
import { Conflict } from './Conflict';
import css from './connectors.module.css';
import { ConnectionFields } from './ConnectionFields';
import { errorsOf, type Fields, fieldsOfDocument, manifestOf, together } from './manifest';
import { Plan } from './Plan';
import { form as says } from './words';

interface Props {
  /** What the form starts from; of an existing connection with the state that one saw. */
  start: Fields;
  etag?: string;
  onClose: () => void;
}

/** Add or change a connection: first what would happen, then it happens, and only to the state that one saw. */
export function ConnectionForm({ start, etag, onClose }: Props) {
  const isNew = etag === undefined;
  const refresh = useRefresh();
  const navigate = useNavigate();
  // What one compares with; moves on when somebody else's change is taken in.
  const [base, setBase] = useState({ fields: start, etag });
  const [fields, setFields] = useState(start);
  const [checked, setChecked] = useState<{ manifest: string; plan: PlanView } | null>(null);
  const apply = useMutation(applyConnectionMutation());
  const manifest = manifestOf(fields);
  const plan = checked?.manifest === manifest ? checked.plan : null;
  const ready = plan !== null && plan.outcome !== 'unchanged';
  const problem = apply.error ? problemOf(apply.error) : null;
  const late = problem?.status === 412 ? problem.details : null;
  const errors = errorsOf(problem?.status === 412 ? null : problem);

  const send = (form: HTMLElement) =>
    apply.mutate(
      {
        body: { manifest, file: `${fields.name || 'connection'}.json`, dryRun: !ready },
        headers: ready && base.etag !== undefined ? { 'if-match': `"${base.etag}"` } : {},
      },
      {
        onSuccess: (found) => {
          if (!ready) {
            setChecked({ manifest, plan: found });
            return;
          }
          toast(says.done(fields.name, found.outcome));
          refresh('listConnections', 'readConnection', 'connectionCalls', 'listCredentials');
          onClose();
          if (isNew) void navigate({ to: `/connections/${fields.name}` });
        },
        onError: () => {
          setChecked(null);
          focusFirstError(form);
        },
      },
    );
  const takeIn = (next: Fields, theirs: Fields) => {
    setBase({ fields: theirs, etag: String(late?.['etag'] ?? '') });
    setFields(next);
    setChecked(null);
    apply.reset();
  };
  const theirs = late && fieldsOfDocument(late['current']);

  return (
    <Modal
      opened
      onClose={onClose}
      title={isNew ? says.newTitle : says.editTitle(start.name)}
      size={600}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': says.cancel }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          send(event.currentTarget);
        }}
      >
        <p className="sm t2">{isNew ? says.newLead : says.editLead}</p>
        <ConnectionFields
          fields={fields}
          errors={errors}
          isNew={isNew}
          onChange={(changes) => setFields((had) => ({ ...had, ...changes }))}
        />
        {late && theirs ? (
          <Conflict
            before={base.fields}
            mine={fields}
            theirs={theirs}
            by={String(late['changedBy'] ?? '')}
            at={String(late['changedAt'] ?? '')}
            onMerge={() => takeIn(together(base.fields, fields, theirs), theirs)}
            onTake={() => takeIn(theirs, theirs)}
          />
        ) : (
          problem &&
          Object.keys(errors).length === 0 && (
            <div className={css.result}>
              <ProblemNote error={apply.error} />
            </div>
          )
        )}
        {plan && (
          <Plan
            title={plan.outcome === 'unchanged' ? says.unchanged : says.planTitle}
            plan={plan}
            {...(ready && !isNew ? { note: says.planEdit } : {})}
          />
        )}
        <div className={css.foot}>
          <Button onClick={onClose}>{says.cancel}</Button>
          <Button type="submit" variant="filled" loading={apply.isPending}>
            {ready
              ? isNew
                ? says.add(fields.name)
                : says.apply(plan.changes.length)
              : isNew
                ? says.checkNew
                : says.check}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
