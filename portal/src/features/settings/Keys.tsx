import { Button, Modal } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SigningKeyView } from '@/api';
import { listSigningKeysOptions, rotateSigningKeyMutation } from '@/api/@tanstack/react-query.gen';
import { Day } from '@/kit/Age';
import { FormDialog } from '@/kit/FormDialog';
import type { GlyphName } from '@/kit/marks/Glyph';
import { Status, type Tone } from '@/kit/marks/Marks';
import { Card, Section } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import { type Column, Table } from '@/kit/Table';
import { useRefresh } from '@/live/refresh';
import { useMay } from '@/session/me';
import { keysOf } from './checks';
import css from './settings.module.css';
import { keys as says } from './words';

const KINDS = ['production', 'sandbox'] as const;
type Kind = (typeof KINDS)[number];

const marks: Record<string, [Tone, GlyphName]> = {
  active: ['ok', 'ok'],
  next: ['acc', 'half'],
  retired: ['mute', 'retired'],
  dropped: ['mute', 'todo'],
};

const columns: readonly Column<SigningKeyView>[] = [
  {
    key: 'kid',
    head: says.columns.key,
    cell: (key) => (
      <code className={css.kid} title={key.kid}>
        {key.kid}
      </code>
    ),
  },
  { key: 'kind', head: says.columns.kind, cell: (key) => says.kinds[key.kind] ?? key.kind },
  {
    key: 'state',
    head: says.columns.state,
    cell: (key) => (
      <Status tone={marks[key.state]?.[0] ?? 'mute'} glyph={marks[key.state]?.[1] ?? 'todo'}>
        {says.states[key.state] ?? key.state}
      </Status>
    ),
  },
  {
    key: 'since',
    head: says.columns.since,
    right: true,
    wide: true,
    cell: (key) => <Day at={key.retiredAt ?? key.activatedAt ?? key.createdAt} />,
  },
];

function Rotate({ kind, onClose }: { kind: Kind; onClose: () => void }) {
  const refresh = useRefresh();
  const rotate = useMutation({ ...rotateSigningKeyMutation(), onSuccess: () => refresh('listSigningKeys') });
  const name = (says.kinds[kind] ?? kind).toLowerCase();
  if (rotate.data) {
    return (
      <Modal opened onClose={onClose} title={says.rotateKind(name)} closeButtonProps={{ 'aria-label': says.close }}>
        <div className={css.steps}>
          {rotate.data.steps.length > 0 && <b>{says.step}</b>}
          {rotate.data.steps.map((step) => (
            <p key={step}>{step}</p>
          ))}
          {rotate.data.waiting && (
            <>
              <b>{says.waiting}</b>
              <p>{rotate.data.waiting}</p>
            </>
          )}
        </div>
        <Button mt={16} variant="filled" onClick={onClose} data-autofocus>
          {says.close}
        </Button>
      </Modal>
    );
  }
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={says.dialog(name)}
      lead={says.lead}
      cancel={says.cancel}
      confirm={says.confirm}
      busy={rotate.isPending}
      error={rotate.error}
      onSubmit={() => rotate.mutate({ path: { kind } })}
    >
      {null}
    </FormDialog>
  );
}

/** The keys that sign tokens, and their rotation. */
export function Keys() {
  const may = useMay();
  const query = useQuery(listSigningKeysOptions());
  const [rotating, setRotating] = useState<Kind | null>(null);
  return (
    <Section
      title={says.title}
      note={says.note}
      right={
        may('hub:write') && (
          <div className={`${css.acts} no-print`}>
            {KINDS.map((kind) => (
              <Button key={kind} size="xs" onClick={() => setRotating(kind)}>
                {says.rotateKind((says.kinds[kind] ?? kind).toLowerCase())}
              </Button>
            ))}
          </div>
        )
      }
    >
      <Card>
        <Loaded query={query} what={says.read}>
          {(found) => (
            <Table
              label={says.title}
              columns={columns}
              rows={KINDS.flatMap((kind) => keysOf(found.items, kind)).filter((key) => key.state !== 'dropped')}
              id={(key) => key.kid}
            />
          )}
        </Loaded>
      </Card>
      {rotating && <Rotate kind={rotating} onClose={() => setRotating(null)} />}
    </Section>
  );
}
