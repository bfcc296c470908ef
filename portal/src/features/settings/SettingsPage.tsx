import { useQuery } from '@tanstack/react-query';
import { examineOptions } from '@/api/@tanstack/react-query.gen';
import { Columns, Page } from '@/kit/page/Page';
import { Note } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { useOptions } from '@/session/options';
import { useRolesWith } from '@/session/roles';
import { Checks } from './Checks';
import { countsOf } from './checks';
import { Environments } from './Environments';
import { Elsewhere, Install, Theme } from './Install';
import { Keys } from './Keys';
import { words } from './words';

/** Whether this install is well, what it signs with, and where it is reached. */
export default function SettingsPage() {
  const may = useMay();
  const options = useOptions();
  const roles = useRolesWith('hub:read');
  const examines = may('hub:read');
  // The examination reads much: it runs when somebody looks, not whenever something changed.
  const checks = useQuery({ ...examineOptions(), enabled: examines, staleTime: 60_000 });
  return (
    <Page
      name={words.name}
      title={
        checks.data ? words.title(countsOf(checks.data.checks)) : options?.name ? words.plain(options.name) : words.name
      }
      lead={options ? words.lead(options.version) : ' '}
    >
      <Columns
        label={words.install}
        aside={
          <>
            <Install />
            <Theme />
            <Elsewhere />
          </>
        }
      >
        {examines ? (
          <>
            <Checks query={checks} />
            <Keys />
          </>
        ) : (
          roles !== '' && <Note tone="acc">{words.mayChecks(roles)}</Note>
        )}
        {may('connector:read') && <Environments />}
      </Columns>
    </Page>
  );
}
