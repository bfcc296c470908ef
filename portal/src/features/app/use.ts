import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AppDetailView, BindingView, SourceView } from '@/api';
import { listRolesOptions, listSourcesOptions, listTeamsOptions } from '@/api/@tanstack/react-query.gen';
import { useMay, useMe } from '@/session/me';
import { roleWords, words } from './words';

/** What somebody may do with one app; a retired one only be read. */
export interface Rights {
  write: boolean;
  submit: boolean;
  hold: boolean;
  /** Who may, in a sentence, for somebody who may not. */
  who: (permission: string) => string;
}

export function useRights(app: AppDetailView): Rights {
  const may = useMay();
  const { data } = useQuery({ ...listRolesOptions(), staleTime: Number.POSITIVE_INFINITY });
  const team = useTeamTitle()(app.team);
  const lives = app.stage !== 'retired';
  const who = useCallback(
    (permission: string) => {
      const roles = (data?.items ?? []).filter((role) => role.permissions.some((held) => held === permission));
      return words.mayDo(
        roles.map((role, index) => roleWords(role.role, index === 0)),
        team,
      );
    },
    [data, team],
  );
  return {
    write: lives && may('app:write', app.team),
    submit: lives && may('version:submit', app.team),
    hold: lives && may('quarantine', app.team),
    who,
  };
}

/** Return a function from a team's name to how it is called. */
export function useTeamTitle(): (name: string) => string {
  const me = useMe();
  const { data } = useQuery({ ...listTeamsOptions(), staleTime: 60_000 });
  return useCallback(
    (name) => [...(data?.items ?? []), ...me.teams].find((team) => team.name === name)?.title || name,
    [data, me],
  );
}

/** The source that says what runs of an app somewhere, if one does and this person may see it. */
export function useSource(
  app: AppDetailView,
  environment: string,
): { source: SourceView; binding: BindingView } | undefined {
  const observed = app.assurance === 'observed';
  const { data } = useQuery({ ...listSourcesOptions(), enabled: observed });
  for (const source of data?.items ?? []) {
    const binding = source.bindings.find((each) => each.app === app.name && each.environment === environment);
    if (binding) return { source, binding };
  }
  return undefined;
}
