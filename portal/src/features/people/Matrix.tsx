import { useQuery } from '@tanstack/react-query';
import { listRolesOptions } from '@/api/@tanstack/react-query.gen';
import { Glyph } from '@/kit/marks/Glyph';
import { Card } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import { permissionName, roleName, roles as roleWords } from '@/words/roles';
import css from './people.module.css';
import { words } from './words';

const matrix = words.matrix;

/** What each role may do: a table, and below 720 px a list for each role. */
export function Matrix() {
  const query = useQuery({ ...listRolesOptions(), staleTime: Number.POSITIVE_INFINITY });
  return (
    <Loaded query={query} what={words.what.roles} lines={10}>
      {({ items }) => {
        const given = new Set(items.flatMap((role) => role.permissions));
        // In the order of our words; one without words comes last.
        const known = Object.keys(roleWords.permission).filter((each) => given.has(each));
        const permissions = [...known, ...[...given].filter((each) => !known.includes(each))];
        return (
          <>
            <p className="sm t2" style={{ marginBottom: 16 }}>
              {matrix.lead}
            </p>
            <div className="hide-n">
              <dl className={css.about}>
                {items.map((role) => (
                  <div key={role.role} className="sm">
                    <dt className="nm">{roleName(role.role)}</dt>
                    <dd className="t2">{roleWords.does[role.role]}</dd>
                  </div>
                ))}
              </dl>
              <Card>
                {/* A region that scrolls must be reachable by keyboard. */}
                {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
                <div className={css.matrix} tabIndex={0} role="region" aria-label={words.tabs.roles}>
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">{matrix.permission}</th>
                        {items.map((role) => (
                          <th key={role.role} scope="col">
                            <b>{roleName(role.role)}</b>
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {permissions.map((permission) => (
                        <tr key={permission}>
                          <th scope="row" title={permission}>
                            {permissionName(permission)}
                          </th>
                          {items.map((role) => (
                            <td key={role.role}>
                              {role.permissions.includes(permission) ? (
                                <>
                                  <span className="c-ok">
                                    <Glyph name="ok" />
                                  </span>
                                  <span className="sr">{matrix.yes}</span>
                                </>
                              ) : (
                                <span className="sr">{matrix.no}</span>
                              )}
                            </td>
                          ))}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </Card>
            </div>
            <div className={`only-n ${css.stack}`}>
              {items.map((role) => (
                <Card key={role.role} title={roleName(role.role)} pad>
                  <p className="sm t2">{roleWords.does[role.role]}</p>
                  <ul className={css.perRole} style={{ marginTop: 8 }}>
                    {permissions
                      .filter((each) => role.permissions.includes(each))
                      .map((each) => (
                        <li key={each}>{permissionName(each)}</li>
                      ))}
                  </ul>
                </Card>
              ))}
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
