import type { DossierView } from '@/api';
import { Who } from '@/kit/marks/Who';
import { Card } from '@/kit/page/Parts';
import { useMe } from '@/session/me';
import { barredPeople } from './reading';
import css from './review.module.css';
import { queue, sections as words } from './words';

/** Who may decide, and who may not, with their parts in it. */
export function People({ dossier }: { dossier: DossierView }) {
  const me = useMe();
  const { standing } = dossier;
  const more = standing ? standing.deciderCount - standing.deciders.length : 0;
  return (
    <Card title={standing ? words.people : words.had}>
      <div className={css.people}>
        {standing && (
          <>
            <h3 className="xs t3">{words.may}</h3>
            {standing.deciders.length === 0 && <p className="sm">{queue.nobody}</p>}
            <ul>
              {standing.deciders.map((name) => (
                <li key={name}>
                  <Who name={name} {...(name === me.name ? { part: words.you } : {})} />
                </li>
              ))}
            </ul>
            {more > 0 && <p className="xs t3">{words.more(more)}</p>}
          </>
        )}
        {standing && <h3 className="xs t3">{words.mayNot}</h3>}
        <ul>
          {barredPeople(dossier.barred).map(({ name, parts }) => (
            <li key={name}>
              <Who name={name} {...(name === me.name ? { part: words.you } : {})} />
              <p className={`xs t3 ${css.parts}`}>{words.partsOf(parts)}</p>
            </li>
          ))}
        </ul>
        <p className="xs t3">{words.law}</p>
      </div>
    </Card>
  );
}
