import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { IconBookmark, IconBookmarkFilled } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SavedViewView } from '@/api';
import { listViewsQueryKey, removeViewMutation, saveViewMutation } from '@/api/@tanstack/react-query.gen';
import { ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import css from './dialog.module.css';
import { type Filters, toQuery } from './filters';
import { saving as words } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

const wrongName = (name: string): string =>
  !name ? words.needsName : name.length > 60 ? words.tooLong : name.includes('/') ? words.noSlash : '';

function Dialog({
  filters,
  views,
  onClose,
}: {
  filters: Filters;
  views: readonly SavedViewView[];
  onClose: () => void;
}) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [error, setError] = useState('');
  const save = useMutation({
    ...saveViewMutation(),
    onSuccess: async (view) => {
      await client.invalidateQueries({ queryKey: listViewsQueryKey() });
      toast(words.kept(view.name));
      onClose();
    },
  });
  const replaced = views.find((view) => view.name === name.trim());
  return (
    <Modal opened onClose={onClose} title={words.title} closeButtonProps={{ 'aria-label': words.cancel }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const wrong = wrongName(name.trim());
          setError(wrong);
          if (wrong) document.querySelector<HTMLInputElement>('#view-name')?.focus();
          else save.mutate({ path: { name: name.trim() }, body: { query: toQuery(filters) } });
        }}
      >
        <p className="sm t2">{words.text}</p>
        <TextInput
          mt={14}
          id="view-name"
          label={words.label}
          description={replaced ? words.replaces(replaced.name) : undefined}
          placeholder={words.example}
          value={name}
          error={error}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setError('');
          }}
          data-autofocus
          autoComplete="off"
        />
        <div className={css.dialog}>
          <ProblemNote error={save.error} />
          <div className={css.end}>
            <Button onClick={onClose}>{words.cancel}</Button>
            <Button type="submit" variant="filled" loading={save.isPending}>
              {words.keep}
            </Button>
          </div>
        </div>
      </form>
    </Modal>
  );
}

interface Props {
  filters: Filters;
  views: readonly SavedViewView[];
  /** The kept view that is open. */
  current: SavedViewView | undefined;
  onRemoved: () => void;
}

/** Keep what is shown under a name; forget the kept view that is open, with a way back. */
export function SaveView({ filters, views, current, onRemoved }: Props) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const reread = () => client.invalidateQueries({ queryKey: listViewsQueryKey() });
  const again = useMutation({ ...saveViewMutation(), onSuccess: reread });
  const remove = useMutation({
    ...removeViewMutation(),
    onSuccess: async (_, { path }) => {
      const query = current?.query ?? '';
      await reread();
      onRemoved();
      toast(words.removed(path.name), () => again.mutate({ path, body: { query } }));
    },
    onError: (error) => toast(String(error.detail)),
  });
  return (
    <>
      {current ? (
        <Menu position="bottom-end" withinPortal={false}>
          <Menu.Target>
            <Button leftSection={<IconBookmarkFilled size={14} aria-hidden />}>{current.name}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => remove.mutate({ path: { name: current.name } })}>
              {words.remove(current.name)}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : (
        <Button leftSection={<IconBookmark {...ICON} />} onClick={() => setOpen(true)}>
          {words.save}
        </Button>
      )}
      {open && <Dialog filters={filters} views={views} onClose={() => setOpen(false)} />}
    </>
  );
}
