import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changePasswordMutation, listSessionsQueryKey, listTokensQueryKey } from '@/api/@tanstack/react-query.gen';
import { passwordState } from '@/features/signin/password';
import { Section } from '@/kit/page/Parts';
import { problemOf } from '@/kit/problem';
import { ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { useMe } from '@/session/me';
import css from './profile.module.css';
import { words } from './words';

const said = words.password;

/** Change the own password; says what that ends. */
export function Password() {
  const me = useMe();
  const client = useQueryClient();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [asked, setAsked] = useState(false);
  const change = useMutation({
    ...changePasswordMutation(),
    onSuccess: async () => {
      setOld('');
      setFresh('');
      setAsked(false);
      toast(said.changed);
      await Promise.all([
        client.invalidateQueries({ queryKey: listSessionsQueryKey() }),
        client.invalidateQueries({ queryKey: listTokensQueryKey() }),
      ]);
    },
  });
  const problem = change.error ? problemOf(change.error) : null;
  const weak = problem?.code === 'password_weak' ? `${problem.detail} ${problem.fix}` : undefined;
  const wrong = problem?.code === 'confirmation_failed' ? `${problem.detail} ${problem.fix}` : undefined;
  const fits = passwordState(fresh, me.name) === 'fits';
  return (
    <Section title={said.title}>
      <form
        className={css.stack}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (old === '') document.getElementById('password-old')?.focus();
          else if (!fits || old === fresh) document.getElementById('password-new')?.focus();
          else change.mutate({ body: { old, new: fresh } });
        }}
      >
        <p className="sm t2">{said.text}</p>
        <input type="text" autoComplete="username" value={me.name} readOnly hidden />
        <PasswordInput
          id="password-old"
          label={said.old}
          autoComplete="current-password"
          value={old}
          onChange={(event) => setOld(event.currentTarget.value)}
          error={asked && old === '' ? said.oldMissing : wrong}
        />
        <PasswordInput
          id="password-new"
          label={said.fresh}
          description={said.freshHelp}
          autoComplete="new-password"
          value={fresh}
          onChange={(event) => setFresh(event.currentTarget.value)}
          error={asked && !fits ? said.freshHelp : asked && old === fresh ? said.same : weak}
        />
        {!weak && !wrong && <ProblemNote error={change.error} />}
        <div>
          <Button type="submit" loading={change.isPending}>
            {said.change}
          </Button>
        </div>
      </form>
    </Section>
  );
}
