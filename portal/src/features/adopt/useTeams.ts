import { useQuery } from '@tanstack/react-query';
import { listTeamsOptions } from '@/api/@tanstack/react-query.gen';
import { useMay } from '@/session/me';

/** The teams for which this person may register apps; undefined until known. */
export function useOwnTeams(): { value: string; label: string }[] | undefined {
  const may = useMay();
  const { data } = useQuery({ ...listTeamsOptions(), staleTime: 60_000 });
  return data?.items
    .filter((team) => may('app:write', team.name))
    .map((team) => ({ value: team.name, label: team.title || team.name }));
}
