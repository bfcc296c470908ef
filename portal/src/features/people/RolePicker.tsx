import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { listRolesOptions, listTeamsOptions } from '@/api/@tanstack/react-query.gen';
import { PLATFORM_ROLES, roleName, roles as roleWords } from '@/words/roles';
import { EVERYWHERE } from './rules';
import { words } from './words';

/** Return the teams' titles by name; also what may be chosen for a role. */
export function useTeamTitles(): ReadonlyMap<string, string> {
  const { data } = useQuery({ ...listTeamsOptions(), staleTime: 60_000 });
  return new Map(data?.items.map((team) => [team.name, team.title || team.name]));
}

export function useRoleNames(): string[] {
  const { data } = useQuery({ ...listRolesOptions(), staleTime: Number.POSITIVE_INFINITY });
  return data?.items.map((role) => role.role) ?? [];
}

interface Props {
  role: string;
  team: string;
  onChange: (role: string, team: string) => void;
  error?: string | undefined;
}

/** A role and where it counts: two fields side by side, to stand in a grid. */
export function RolePicker({ role, team, onChange, error }: Props) {
  const names = useRoleNames();
  const titles = useTeamTitles();
  const platform = PLATFORM_ROLES.includes(role);
  return (
    <>
      <Select
        label={words.invitation.role}
        maxDropdownHeight={440}
        data={names.map((name) => ({ value: name, label: roleName(name) }))}
        value={role}
        allowDeselect={false}
        renderOption={({ option }) => (
          <span>
            <span className="nm">{option.label}</span>
            <br />
            <span className="xs t3">{roleWords.does[option.value]}</span>
          </span>
        )}
        onChange={(value) => value && onChange(value, PLATFORM_ROLES.includes(value) ? EVERYWHERE : team)}
      />
      <Select
        label={words.invitation.where}
        data={[
          { value: EVERYWHERE, label: words.allTeams },
          ...(platform ? [] : [...titles].map(([value, label]) => ({ value, label }))),
        ]}
        value={team || null}
        allowDeselect={false}
        searchable={titles.size > 8}
        disabled={platform}
        error={error}
        onChange={(value) => value && onChange(role, value)}
      />
    </>
  );
}
