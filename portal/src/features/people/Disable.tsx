import { IconBan } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PersonView } from '@/api';
import {
  disablePersonMutation,
  listDirectoryQueryKey,
  listPeopleQueryKey,
  searchCatalogOptions,
} from '@/api/@tanstack/react-query.gen';
import { Danger } from '@/kit/Danger';
import { toast } from '@/kit/toast';
import { words } from './words';

const said = words.danger;

/** Disable somebody, in view of what they answer for. */
export function Disable({ person, opened, onClose }: { person: PersonView; opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const called = person.displayName || person.name;
  const owned = useQuery({
    ...searchCatalogOptions({ query: { q: `owner:${person.name}`, limit: 1 } }),
    enabled: opened,
  });
  const disable = useMutation({
    ...disablePersonMutation(),
    onSuccess: async () => {
      onClose();
      toast(said.done(called));
      await Promise.all([
        client.invalidateQueries({ queryKey: listPeopleQueryKey() }),
        client.invalidateQueries({ queryKey: listDirectoryQueryKey() }),
      ]);
    },
  });
  const count = owned.data?.total;
  return (
    <Danger
      opened={opened}
      onClose={onClose}
      title={said.title(called)}
      stops={
        count === undefined ? (
          <p className="t3">{owned.isError ? said.uncounted : said.counting}</p>
        ) : count === 0 ? (
          <p>{said.ownsNone}</p>
        ) : (
          <>
            <p>
              <b>{said.owns(count)}.</b>{' '}
              <Link to="/catalog" search={{ q: `owner:${person.name}` }} className="lk">
                {said.see}
              </Link>
            </p>
            <p className="t2">{said.ownsText(count)}</p>
          </>
        )
      }
      safe={said.safe}
      confirm={said.confirm}
      icon={<IconBan size={14} stroke={1.75} aria-hidden />}
      busy={disable.isPending}
      error={disable.error}
      onConfirm={() => disable.mutate({ path: { name: person.name } })}
    >
      {said.text}
    </Danger>
  );
}
