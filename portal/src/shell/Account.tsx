import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { signOutMutation } from '@/api/@tanstack/react-query.gen';
import { Glyph } from '@/kit/marks/Glyph';
import { Avatar } from '@/kit/marks/Who';
import { useMe } from '@/session/me';
import { shell as words } from '@/words/shell';
import css from './shell.module.css';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Who is signed in, and what they may do about it. */
export default function Account() {
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const signOut = useMutation({
    ...signOutMutation(),
    onSuccess: async () => {
      // First away from what is shown: cleared under it, it would be asked for anew, which is refused now.
      await navigate({ to: '/sign-in' });
      client.clear();
    },
  });
  return (
    <Menu position="top-start" width={190}>
      <Menu.Target>
        <button type="button" className={css.item}>
          <Avatar name={me.displayName || me.name} />
          <span className={css.me}>{me.displayName || me.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUser {...ICON} />} onClick={() => void navigate({ to: '/profile' })}>
          {words.profile}
        </Menu.Item>
        <Menu.Label>{words.theme}</Menu.Label>
        {(['auto', 'light', 'dark'] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            onClick={() => setColorScheme(scheme)}
            rightSection={colorScheme === scheme ? <Glyph name="ok" /> : null}
          >
            {words[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout {...ICON} />} onClick={() => signOut.mutate({})}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
