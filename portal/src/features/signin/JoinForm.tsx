import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type LinkView, redeemInvitation, redeemSetup } from '@/api';
import { left } from '@/kit/format';
import { useNow } from '@/kit/Age';
import { Roles } from '@/kit/marks/Roles';
import { Facts } from '@/kit/page/Parts';
import { problemOf } from '@/kit/problem';
import { ProblemNote } from '@/kit/states/States';
import { PASSWORD_MIN, passwordState } from './password';
import css from './signin.module.css';
import { words } from './words';

const join = words.join;
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const FIELDS = { person_name_taken: 'name', name_invalid: 'name', password_weak: 'password' } as Record<string, string>;

/** The form of a link that works: what it gives, and how its holder signs in from now on. */
export function JoinForm({ token, link }: { token: string; link: LinkView }) {
  const setup = link.kind === 'setup';
  const now = useNow();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);
  const go = useMutation({
    mutationFn: async () => {
      const body = { token, name, displayName: displayName.trim() || name, password, kind: 'session' as const };
      if (setup) await redeemSetup({ body, throwOnError: true });
      else await redeemInvitation({ body, throwOnError: true });
    },
    onSuccess: async () => {
      client.clear();
      await navigate({ to: setup ? '/start' : '/', replace: true });
    },
    onError: (error) => focus(FIELDS[problemOf(error).code]),
  });
  const focus = (field: string | undefined) => {
    if (field) requestAnimationFrame(() => document.getElementById(`join-${field}`)?.focus());
  };
  const problem = go.error ? problemOf(go.error) : null;
  const refused = problem ? FIELDS[problem.code] : undefined;
  const said = problem ? `${problem.detail} ${problem.fix}` : undefined;
  const nameFits = name.length <= 63 && NAME.test(name);
  const state = passwordState(password, name);
  const nameError = (asked || name.length > 1) && !nameFits ? join.nameWrong : refused === 'name' ? said : undefined;
  const passwordError =
    state === 'name'
      ? join.passwordIsName
      : asked && state !== 'fits'
        ? join.passwordHelp
        : refused === 'password'
          ? said
          : undefined;
  return (
    <>
      <h1>{setup ? join.setupTitle : join.title}</h1>
      <p className="lead">{setup ? join.setupLead : join.lead}</p>
      <div style={{ marginTop: 18 }}>
        <Facts
          items={[
            [join.gives, <Roles key="roles" held={link.roles} />],
            [join.ends, left(link.expiresAt, now)],
          ]}
        />
      </div>
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (!nameFits) focus('name');
          else if (state !== 'fits') focus('password');
          else go.mutate();
        }}
      >
        <TextInput
          id="join-name"
          label={join.person}
          description={join.personHelp}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={nameError}
        />
        <TextInput
          label={join.displayName}
          autoComplete="name"
          placeholder={name}
          value={displayName}
          maxLength={200}
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <div>
          <PasswordInput
            id="join-password"
            label={join.password}
            description={join.passwordHelp}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={passwordError}
          />
          <p className={`xs ${state === 'fits' ? 'c-ok' : 't3'}`} style={{ marginTop: 5 }} aria-live="polite">
            {!passwordError && state === 'short' && join.passwordShort(PASSWORD_MIN - [...password].length)}
            {!passwordError && state === 'fits' && join.passwordFits}
          </p>
        </div>
        {refused === undefined && <ProblemNote error={go.error} />}
        <Button type="submit" variant="filled" fullWidth loading={go.isPending}>
          {join.make}
        </Button>
      </form>
    </>
  );
}
