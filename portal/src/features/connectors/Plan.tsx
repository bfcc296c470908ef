import type { PlanView } from '@/api';
import css from './connectors.module.css';
import { signOf } from './manifest';

/** What would happen, a line each with its sign. */
export function Plan({ title, plan, note }: { title: string; plan: PlanView; note?: string }) {
  return (
    <div className={css.plan} role="status">
      <p className="sm">
        <b>{title}</b>
      </p>
      {plan.changes.length > 0 && (
        <ul>
          {plan.changes.map((change) => (
            <li key={change}>
              <span className="mono c-acc" aria-hidden="true">
                {signOf(change)}
              </span>
              <span>{change}</span>
            </li>
          ))}
        </ul>
      )}
      {note && <p className="xs t2">{note}</p>}
    </div>
  );
}
