import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { listConnectionsOptions } from '@/api/@tanstack/react-query.gen';
import { Copyable } from '@/kit/Copyable';
import { Facts, Section } from '@/kit/page/Parts';
import { Segments } from '@/kit/Segments';
import { useMay } from '@/session/me';
import { useOptions } from '@/session/options';
import { hubAddress } from './checks';
import css from './settings.module.css';
import { words } from './words';

/** What this install is and where it is reached. */
export function Install() {
  const may = useMay();
  const options = useOptions();
  const connections = useQuery({ ...listConnectionsOptions(), enabled: may('connector:read') });
  const hub = connections.data && hubAddress(connections.data.items);
  const facts = words.facts;
  return (
    <Section title={words.install}>
      <Facts
        items={[
          [facts.name, options?.name || undefined],
          [facts.version, options?.version ?? '–'],
          [facts.portal, <Copyable key="portal" value={window.location.origin} label={words.portalLabel} />],
          [
            facts.hub,
            hub ? (
              <Copyable key="hub" value={hub} label={words.hubLabel} />
            ) : connections.data ? (
              <span className="t3">{words.hubUnknown}</span>
            ) : undefined,
          ],
        ]}
      />
    </Section>
  );
}

export function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={words.theme}>
      <div className={css.theme}>
        <Segments
          label={words.theme}
          items={words.themes}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
        />
        <p className="xs t3">{words.themeNote}</p>
      </div>
    </Section>
  );
}

/** Where to go on without the portal. */
export function Elsewhere() {
  return (
    <Section title={words.api}>
      <p className="sm t2">
        {words.apiText}{' '}
        <a href="/api/openapi.json" className="lk">
          {words.apiLink}
        </a>
      </p>
      <dl className={css.hints}>
        {words.hints.map(([command, text]) => (
          <div key={command}>
            <dt>
              <Copyable value={command} label={words.commandLabel(command)} />
            </dt>
            <dd className="xs t3">{text}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
