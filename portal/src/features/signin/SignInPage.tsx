import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { type DemoSignIn, signIn, signInToDemo } from '@/api';
import { Avatar } from '@/kit/marks/Who';
import { Note, ProblemNote } from '@/kit/states/States';
import { useOptions } from '@/session/options';
import { inside } from './next';
import { Frame } from './Frame';
import css from './signin.module.css';
import { words } from './words';

export default function SignInPage() {
  const options = useOptions();
  const search: { next?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    document.title = `${words.name} · Handrail`;
  }, []);
  const go = useMutation({
    mutationFn: async (as: string | null) => {
      if (as === null) await signIn({ body: { name, password, kind: 'session' }, throwOnError: true });
      else await signInToDemo({ body: { as: as as DemoSignIn['as'] }, throwOnError: true });
    },
    onSuccess: async () => {
      client.removeQueries({ predicate: (query) => (query.queryKey[0] as { _id?: string })._id !== 'entrance' });
      await navigate({ to: inside(search.next), replace: true });
    },
  });
  const incomplete = name.trim() === '' || password === '';
  return (
    <Frame>
      <h1>{words.title(options?.name ?? '')}</h1>
      <p className="lead">{words.lead}</p>
      {options?.setUp && (
        <div style={{ marginTop: 16 }}>
          <Note tone="acc">
            <b>{words.setUpTitle}.</b> {words.setUpText}
          </Note>
        </div>
      )}
      {options !== undefined && options.demo.length > 0 && (
        <>
          <h2 style={{ marginTop: 22 }}>{words.demoTitle}</h2>
          <p className="xs t3" style={{ marginBottom: 10 }}>
            {words.demoNote}
          </p>
          <div className={css.people}>
            {options.demo.map((person) => (
              <button
                key={person.as}
                type="button"
                className={css.person}
                disabled={go.isPending}
                onClick={() => go.mutate(person.as)}
              >
                <Avatar name={person.title} />
                <span>
                  <b>{person.title}</b>
                  <br />
                  <span className="xs t2">{person.note}</span>
                </span>
              </button>
            ))}
          </div>
          <div className={css.or}>{words.or}</div>
        </>
      )}
      {options?.providers.map((provider) => (
        <Button key={provider.id} component="a" href={provider.url} variant="filled" fullWidth mt={14}>
          {provider.title}
        </Button>
      ))}
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (!incomplete) go.mutate(null);
        }}
      >
        <TextInput
          label={words.person}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={asked && name.trim() === ''}
        />
        <PasswordInput
          label={words.password}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={asked && incomplete ? words.missing : undefined}
        />
        <ProblemNote error={go.error} />
        <Button type="submit" variant={options?.demo.length ? 'default' : 'filled'} fullWidth loading={go.isPending}>
          {words.signIn}
        </Button>
        <p className="xs t3">{words.audit}</p>
      </form>
    </Frame>
  );
}
