import { IconUsersGroup } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { AppDetailView } from '@/api';
import { Status, Tag } from '@/kit/marks/Marks';
import { Who } from '@/kit/marks/Who';
import { useTeamTitle } from '../use';
import { words } from '../words';
import css from './head.module.css';

/** Who answers for an app: owner, deputy or the lack of one, and the team. */
export function People({ app, editable }: { app: AppDetailView; editable: boolean }) {
  const team = useTeamTitle()(app.team);
  return (
    <>
      <Who name={app.owner} part={words.owner} />
      {app.deputy ? (
        <Who name={app.deputy} part={words.deputy} />
      ) : (
        app.stage !== 'retired' && (
          <span className={css.pair}>
            <Tag tone="warn">{words.noDeputy}</Tag>
            {editable && (
              <Link to={`/apps/${app.name}/settings`} hash="deputy" className="lk hit">
                {words.nameDeputy}
              </Link>
            )}
          </span>
        )
      )}
      <Status tone="mute" icon={<IconUsersGroup size={16} stroke={1.75} aria-hidden />}>
        {team}
      </Status>
    </>
  );
}
