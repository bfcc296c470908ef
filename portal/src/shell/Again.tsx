import { Button, Modal, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { confirmMe, signIn } from '@/api';
import { ProblemNote } from '@/kit/states/States';
import { answerAgain, type Wanted } from '@/session/again';
import { useMe } from '@/session/me';
import { again as words } from '@/words/again';

/** Asks for the password over the open page; what was typed stays, and what was sent is sent again. */
export default function Again({ wanted }: { wanted: Wanted | null }) {
  const me = useMe();
  const [password, setPassword] = useState('');
  const check = useMutation({
    mutationFn: async () => {
      if (wanted === 'confirm') await confirmMe({ body: { password }, throwOnError: true });
      else await signIn({ body: { name: me.name, password, kind: 'session' }, throwOnError: true });
    },
    onSuccess: () => {
      setPassword('');
      answerAgain(true);
    },
  });
  const leave = () => {
    setPassword('');
    check.reset();
    answerAgain(false);
  };
  return (
    <Modal
      opened={wanted !== null}
      onClose={leave}
      title={wanted === 'confirm' ? words.confirmTitle : words.title}
      closeButtonProps={{ 'aria-label': words.leave }}
      closeOnClickOutside={false}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          check.mutate();
        }}
      >
        <p className="sm t2">{wanted === 'confirm' ? words.confirmText : words.text}</p>
        <input type="text" autoComplete="username" value={me.name} readOnly hidden />
        <PasswordInput
          mt={14}
          label={words.password(me.displayName || me.name)}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-autofocus
          required
        />
        <div style={{ marginTop: 14 }}>
          <ProblemNote error={check.error} />
        </div>
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8, marginTop: 16 }}>
          <Button onClick={leave}>{words.leave}</Button>
          <Button type="submit" variant="filled" loading={check.isPending}>
            {wanted === 'confirm' ? words.confirm : words.signIn}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
