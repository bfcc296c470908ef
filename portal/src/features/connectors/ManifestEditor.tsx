import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { PlanView } from '@/api';
import { applyConnectionMutation, applyConnectorMutation } from '@/api/@tanstack/react-query.gen';
import { problemOf } from '@/kit/problem';
import { Note, ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useRefresh } from '@/live/refresh';
import css from './connectors.module.css';
import { Plan } from './Plan';
import { lineIn, mistakesOf, templates } from './template';
import { editor as says } from './words';

/** A manifest as text: checked first, applied when nothing is wrong with it. */
export function ManifestEditor({ kind, onClose }: { kind: 'connector' | 'connection'; onClose: () => void }) {
  const refresh = useRefresh();
  const area = useRef<HTMLTextAreaElement>(null);
  const [manifest, setManifest] = useState<string>(templates[kind]);
  const [checked, setChecked] = useState<{ manifest: string; plan: PlanView } | null>(null);
  const connector = useMutation(applyConnectorMutation());
  const connection = useMutation(applyConnectionMutation());
  const apply = kind === 'connector' ? connector : connection;
  const plan = checked?.manifest === manifest ? checked.plan : null;
  const ready = plan !== null && plan.outcome !== 'unchanged';

  const send = (dryRun: boolean) =>
    apply.mutate(
      { body: { manifest, file: `${kind}.yaml`, dryRun } },
      {
        onSuccess: (found: PlanView) => {
          if (dryRun) {
            setChecked({ manifest, plan: found });
            return;
          }
          toast(says.done(found.subject));
          refresh('listConnectors', 'readConnector', 'listConnections', 'readConnection', 'connectionCalls');
          onClose();
        },
        onError: () => setChecked(null),
      },
    );
  const problem = apply.error ? problemOf(apply.error) : null;
  const mistakes = problem?.code === 'manifest_invalid' ? mistakesOf(problem) : [];
  const goTo = (line: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(...lineIn(manifest, line));
  };

  return (
    <Modal
      opened
      onClose={onClose}
      title={says.titles[kind]}
      size={760}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': says.cancel }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send(!ready);
        }}
      >
        <p className="sm t2">{says.lead}</p>
        <Textarea
          ref={area}
          className={css.editor}
          label={says.label}
          data-autofocus
          autosize
          minRows={12}
          maxRows={22}
          spellCheck={false}
          autoCapitalize="none"
          wrap="off"
          value={manifest}
          onChange={(event) => setManifest(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
          }}
          error={mistakes.length > 0}
        />
        {mistakes.length > 0 ? (
          <div className={css.result}>
            <Note tone="bad" role="alert">
              <b>{says.mistakes(mistakes.length)}</b>
              <ul className={css.mistakes}>
                {mistakes.map((mistake) => (
                  <li key={`${mistake.place}${mistake.text}`}>
                    {mistake.line > 0 && (
                      <button
                        type="button"
                        className={css.line}
                        aria-label={says.goTo(mistake.line)}
                        onClick={() => goTo(mistake.line)}
                      >
                        {says.line(mistake.line)}
                      </button>
                    )}
                    <span>{mistake.text}</span>
                  </li>
                ))}
              </ul>
            </Note>
          </div>
        ) : (
          problem && (
            <div className={css.result}>
              <ProblemNote error={apply.error} />
            </div>
          )
        )}
        {plan && <Plan title={says.outcomes[plan.outcome](plan.subject)} plan={plan} />}
        <div className={css.foot}>
          <Button onClick={onClose}>{says.cancel}</Button>
          <Button type="submit" variant="filled" loading={apply.isPending}>
            {ready ? says.apply(plan.changes.length) : says.check}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
