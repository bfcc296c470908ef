import { Link } from '@tanstack/react-router';
import type { NeighbourView } from '@/api';
import { plain } from '@/features/flow/graph';
import { Card, Section } from '@/kit/page/Parts';
import { definition } from '../definitionWords';
import css from './definition.module.css';

const words = definition.neighbours;
const MOST = 20;

function Side({ title, items }: { title: string; items: readonly NeighbourView[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul className={css.neighbours}>
        {items.slice(0, MOST).map((each) => (
          <li key={`${each.id}${each.resource}`}>
            <Link to={`/estate/definitions/${each.id}`} className="lk">
              {plain(each.name, 120) || each.id}
            </Link>{' '}
            <span className="t3">
              {words.through} <code>{plain(each.resource, 120)}</code>
            </span>
          </li>
        ))}
        {items.length > MOST && <li className="t3">{words.more(items.length - MOST)}</li>}
      </ul>
    </div>
  );
}

/** Definitions that share something with this one: what it reads from, and what reads what it writes. */
export function Neighbours({
  upstream,
  dependants,
}: {
  upstream: readonly NeighbourView[];
  dependants: readonly NeighbourView[];
}) {
  if (upstream.length === 0 && dependants.length === 0) return null;
  return (
    <Section title={words.title}>
      <Card pad>
        <div className={css.two}>
          <Side title={words.upstream} items={upstream} />
          <Side title={words.dependants} items={dependants} />
        </div>
      </Card>
    </Section>
  );
}
