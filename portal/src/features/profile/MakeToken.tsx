import { Button, Checkbox, Radio, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { listTokensQueryKey, makeTokenMutation } from '@/api/@tanstack/react-query.gen';
import type { TokenNew } from '@/api';
import { CopyText } from '@/kit/fields/CopyText';
import { date } from '@/kit/format';
import { Note, ProblemNote } from '@/kit/states/States';
import { useMe } from '@/session/me';
import { permissionName } from '@/words/roles';
import css from './profile.module.css';
import { words } from './words';

const said = words.tokens;
const DAYS = [1, 7, 30, 90, 180, 366];

/** Make an API token; its text is shown once, here. */
export function MakeToken({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState(90);
  const [all, setAll] = useState(true);
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [asked, setAsked] = useState(false);
  const make = useMutation({
    ...makeTokenMutation(),
    onSuccess: () => client.invalidateQueries({ queryKey: listTokensQueryKey() }),
  });
  if (make.data) {
    return (
      <div className={css.stack}>
        <Note tone="ok">
          <b>{said.made}.</b> {said.madeText(date(make.data.expiresAt))}
        </Note>
        <CopyText label={said.secret} value={make.data.token} />
        <div>
          <p className="sm t2" style={{ marginBottom: 6 }}>
            {said.command}
          </p>
          <CopyText
            label={said.commandLabel}
            value={`curl -H "Authorization: Bearer ${make.data.token}" "${window.location.origin}/api/v1/me"`}
          />
        </div>
        <div className={`${css.row} ${css.end}`}>
          <Button variant="filled" onClick={onClose}>
            {said.done}
          </Button>
        </div>
      </div>
    );
  }
  const unnamed = name.trim() === '';
  const nothing = !all && scopes.length === 0;
  return (
    <form
      className={css.stack}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (unnamed) document.getElementById('token-name')?.focus();
        else if (!nothing)
          make.mutate({ body: { name: name.trim(), days, scopes: all ? null : ([...scopes] as TokenNew['scopes']) } });
      }}
    >
      <TextInput
        id="token-name"
        label={said.name}
        description={said.nameHelp}
        value={name}
        maxLength={100}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
        error={asked && unnamed ? said.nameMissing : undefined}
      />
      <Select
        label={said.days}
        data={DAYS.map((each) => ({ value: String(each), label: said.day(each) }))}
        value={String(days)}
        allowDeselect={false}
        onChange={(value) => value && setDays(Number(value))}
      />
      <fieldset className={css.group}>
        <legend>{said.scopes}</legend>
        <Radio name="scopes" size="xs" label={said.all} checked={all} onChange={() => setAll(true)} />
        <Radio name="scopes" size="xs" label={said.some} checked={!all} onChange={() => setAll(false)} />
        {!all && (
          <div className={css.scopes}>
            {me.permissions.map((permission) => (
              <Checkbox
                key={permission}
                label={permissionName(permission)}
                checked={scopes.includes(permission)}
                onChange={(event) =>
                  setScopes(
                    event.currentTarget.checked
                      ? [...scopes, permission]
                      : scopes.filter((other) => other !== permission),
                  )
                }
              />
            ))}
          </div>
        )}
        {asked && nothing && (
          <p className="xs c-bad" role="alert">
            {said.someMissing}
          </p>
        )}
      </fieldset>
      <ProblemNote error={make.error} />
      <div className={`${css.row} ${css.end}`}>
        <Button onClick={onClose}>{said.cancel}</Button>
        <Button type="submit" variant="filled" loading={make.isPending}>
          {said.make}
        </Button>
      </div>
    </form>
  );
}
