import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { lookAtLink } from '@/api';
import { problemOf } from '@/kit/problem';
import { Failed, Loading, Note } from '@/kit/states/States';
import { Frame } from './Frame';
import { JoinForm } from './JoinForm';
import { words } from './words';

const join = words.join;

/** What stands behind # in the link; it stays out of the address bar, of history and of logs. */
function takeToken(): string {
  return decodeURIComponent(window.location.hash.slice(1));
}

/** Use a one-time link: the first account of an install, or an invitation. */
export default function JoinPage() {
  const [token] = useState(takeToken);
  useEffect(() => {
    document.title = `${join.name} · Handrail`;
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  const look = useQuery({
    queryKey: ['join', token],
    queryFn: async ({ signal }) => (await lookAtLink({ body: { token }, signal, throwOnError: true })).data,
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (token === '') {
    return (
      <Frame>
        <h1>{join.noToken}</h1>
        <p className="lead">{join.noTokenText}</p>
        <SignInInstead />
      </Frame>
    );
  }
  if (look.data) {
    return (
      <Frame>
        <JoinForm token={token} link={look.data} />
      </Frame>
    );
  }
  if (look.isError && [404, 409, 422].includes(problemOf(look.error).status)) {
    return (
      <Frame>
        <h1>{join.ended}</h1>
        <p className="lead">{join.endedText}</p>
        <div style={{ marginTop: 16 }}>
          <Note tone="acc">{token.startsWith('hs_') ? join.endedSetup : join.endedInvitation}</Note>
        </div>
        <SignInInstead />
      </Frame>
    );
  }
  return (
    <Frame>
      <h1>{join.title}</h1>
      {look.isError ? (
        <Failed what={join.looking} error={look.error} retry={() => void look.refetch()} />
      ) : (
        <Loading lines={5} />
      )}
    </Frame>
  );
}

function SignInInstead() {
  return (
    <Button component={Link} to="/sign-in" fullWidth mt={22}>
      {join.haveAccount}
    </Button>
  );
}
