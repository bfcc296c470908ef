import { IconCut } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { DataClass } from '@/kit/marks/Marks';
import { LeakRail } from '@/kit/path/LeakRail';
import css from './leak.module.css';
import type { LeakRow } from './model';
import { words } from './words';

/** One leak: what leaves, on which way, and the change that ends it; on a page of leaks its title is a heading of the `second` order. */
export function LeakItem({ leak, number, second = false }: { leak: LeakRow; number: number; second?: boolean }) {
  return (
    <article className={css.leak} aria-label={leak.title}>
      <header>
        <span className={`${css.no} num`} aria-hidden="true">
          {number}
        </span>
        <div className={css.title}>
          {second ? <h2>{leak.title}</h2> : <h3>{leak.title}</h3>}
          <span className="xs t3">{words.leaks.within(leak.name)}</span>
        </div>
        <span className={css.class}>
          <DataClass level={leak.dataClass} />
          {leak.certainty && <span className="xs t3">{leak.certainty}</span>}
        </span>
      </header>
      <div className={css.way}>
        <LeakRail stops={leak.stops} />
      </div>
      <p className={css.cut}>
        {leak.cut && (
          <>
            <span className="c-acc">
              <IconCut size={14} stroke={1.75} aria-hidden />
            </span>
            <span className="t2">{leak.cut}</span>
          </>
        )}
        <Link
          to={`/estate/definitions/${leak.definition}`}
          search={{ leak: leak.key }}
          className="lk hit"
          aria-label={words.leaks.openLabel(leak.title)}
        >
          {words.leaks.open}
        </Link>
      </p>
    </article>
  );
}
