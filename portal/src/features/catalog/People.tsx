import type { CatalogItem } from '@/api';
import { Avatar } from '@/kit/marks/Who';
import css from './rows.module.css';
import { words } from './words';

/** Who answers for an app; red when nobody does any more. */
export function Owner({ app }: { app: CatalogItem }) {
  const person = app.ownerName || app.owner;
  if (!app.ownerActive) {
    return (
      <span className={css.who} title={person && words.left(person)}>
        <Avatar name="" gone />
        <span className="c-bad">{words.noOwner}</span>
      </span>
    );
  }
  return (
    <span className={css.who}>
      <Avatar name={person} />
      <span className={css.one}>{person}</span>
    </span>
  );
}

/** Who stands in; amber where an operating app hangs on one person. */
export function Deputy({ app }: { app: CatalogItem }) {
  const person = app.deputyName || app.deputy;
  if (!app.deputy) return <span className={`xs ${app.stage === 'operating' ? 'c-warn' : 't3'}`}>{words.noDeputy}</span>;
  return (
    <span className={css.who} role="img" aria-label={words.deputy(person)} title={words.deputy(person)}>
      <Avatar name={person} />
    </span>
  );
}
