import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { VersionView } from '@/api';
import { readVersionOptions } from '@/api/@tanstack/react-query.gen';
import { FindingsSection } from '@/features/findings/FindingsSection';
import { useFindings } from '@/features/findings/useFindings';
import { Flow } from '@/features/flow/Flow';
import { namesOf } from '@/features/flow/graph';
import { date } from '@/kit/format';
import { Section } from '@/kit/page/Parts';
import { Empty } from '@/kit/states/States';
import { marks } from '@/words/marks';
import { shownVersion } from './model';
import type { TabProps } from './tabs';
import { flowTab as words, v } from './words';

/** The flow of one version, with what the automatic checks say of it. */
function Shown({ app, version, editable }: { app: string; version: VersionView; editable: boolean }) {
  const which = String(version.number);
  const { environment } = version;
  const { data } = useQuery(readVersionOptions({ path: { name: app, which }, query: { environment } }));
  const found = useFindings(data?.findings);
  const names = useMemo(() => namesOf(data?.graph ?? {}), [data]);
  return (
    <>
      <Flow
        app={app}
        which={which}
        environment={environment}
        editable={editable}
        findings={found.told}
        focus={found.focus}
        onFocus={found.setFocus}
        lit={found.lit}
      />
      {data && data.findings.length > 0 && <FindingsSection found={found} names={names} />}
    </>
  );
}

/** A version's flow, with a choice among all of them. */
export default function FlowTab({ app, match, rights }: TabProps) {
  const navigate = useNavigate();
  const search: { version?: unknown } = useSearch({ strict: false });
  const there = app.versions.filter((version) => version.environment === match.environment);
  const shown = there.find((version) => String(version.number) === search.version) ?? shownVersion(app, match);
  if (!shown) return <Empty title={words.none}>{words.noneText}</Empty>;
  const noteOf = (digest: string) =>
    [
      ...(digest === match.running?.digest ? [words.runs] : []),
      ...(digest === match.approval?.digest ? [words.approved] : []),
    ].join(', ');
  return (
    <Section
      title={words.title(shown.number)}
      note={noteOf(shown.digest)}
      right={
        <NativeSelect
          aria-label={words.version}
          value={String(shown.number)}
          data={there.map((version) => ({
            value: String(version.number),
            label: `${v(version.number)}, ${date(version.createdAt)}, ${
              noteOf(version.digest) ||
              (marks.status[version.status as keyof typeof marks.status] ?? version.status).toLowerCase()
            }`,
          }))}
          onChange={(event) =>
            void navigate({
              to: '.',
              search: (before: Record<string, unknown>) => ({ ...before, version: event.currentTarget.value }),
              replace: true,
            } as never)
          }
        />
      }
    >
      <Shown key={shown.id} app={app.name} version={shown} editable={rights.write} />
    </Section>
  );
}
