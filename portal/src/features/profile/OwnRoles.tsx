import { Link } from '@tanstack/react-router';
import { Roles } from '@/kit/marks/Roles';
import { Card, Section } from '@/kit/page/Parts';
import { Empty } from '@/kit/states/States';
import { useMay, useMe } from '@/session/me';
import { permissionName, roles as roleWords } from '@/words/roles';
import css from './profile.module.css';
import { words } from './words';

const said = words.roles;

/** The roles that this person has, and what follows from them. */
export function OwnRoles() {
  const me = useMe();
  const may = useMay();
  const titles = new Map(me.teams.map((team) => [team.name, team.title || team.name]));
  const order = Object.keys(roleWords.permission);
  const permissions = me.permissions.toSorted((one, other) => order.indexOf(one) - order.indexOf(other));
  return (
    <div className={css.narrow}>
      <p className="sm t2" style={{ marginBottom: 14 }}>
        {said.lead}
      </p>
      <Card>
        {me.roles.length === 0 ? (
          <Empty title={said.none}>{said.noneText}</Empty>
        ) : (
          <ul className={css.list}>
            {me.roles.map((held) => (
              <li key={`${held.role}@${held.team}`}>
                <span className="nm">
                  <Roles held={[held]} titles={titles} />
                </span>
                <p className="xs t3">{roleWords.does[held.role]}</p>
              </li>
            ))}
          </ul>
        )}
      </Card>
      {permissions.length > 0 && (
        <Section title={said.may} note={said.mayNote}>
          <Card>
            <ul className={css.list}>
              {permissions.map((permission) => (
                <li key={permission} title={permission}>
                  {permissionName(permission)}
                </li>
              ))}
            </ul>
          </Card>
          {may('people:read') && (
            <p className="sm" style={{ marginTop: 10 }}>
              <Link to="/people" search={{ tab: 'roles' }} className="lk">
                {said.all}
              </Link>
            </p>
          )}
        </Section>
      )}
    </div>
  );
}
