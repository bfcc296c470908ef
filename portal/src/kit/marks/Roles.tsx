import type { RoleView } from '@/api';
import { date } from '@/kit/format';
import { roleName, roles as words } from '@/words/roles';
import css from './marks.module.css';

/** Roles that somebody holds or is given, each with where and until when. */
export function Roles({ held, titles }: { held: readonly RoleView[]; titles?: ReadonlyMap<string, string> }) {
  return (
    <span className={css.roles}>
      {held.map((role) => (
        <span key={`${role.role}@${role.team}`}>
          {roleName(role.role)}{' '}
          <span className="t3">
            {role.team === '*' ? words.everywhere : (titles?.get(role.team) ?? role.team)}
            {role.expiresAt && (
              <>
                , {words.until} {date(role.expiresAt)}
              </>
            )}
          </span>
        </span>
      ))}
    </span>
  );
}
