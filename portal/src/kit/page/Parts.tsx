import { Link } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';
import css from './page.module.css';

/** A part of a page with its own heading; `note` says what it is over (`last 28 days`). */
export function Section({
  title,
  note,
  right,
  children,
}: {
  title: string;
  note?: ReactNode;
  right?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={css.section} aria-labelledby={id}>
      <div className={css.sectionHead}>
        <h2 id={id}>{title}</h2>
        {note && <span className="xs t3">{note}</span>}
        {right && <div className={css.right}>{right}</div>}
      </div>
      {children}
    </section>
  );
}

/** A surface; `pad` for content that brings no padding of its own. */
export function Card({
  title,
  right,
  pad = false,
  children,
}: {
  title?: ReactNode;
  right?: ReactNode;
  pad?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={css.card}>
      {title && (
        <div className={css.cardHead}>
          <h2>{title}</h2>
          {right && <div className={css.right}>{right}</div>}
        </div>
      )}
      {pad ? <div className={css.pad}>{children}</div> : children}
    </div>
  );
}

/** Names and what is known: pairs; a value of undefined leaves its row out. */
export function Facts({ items }: { items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {items
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export interface Figure {
  label: string;
  value: ReactNode;
  unit?: string;
  note?: ReactNode;
}

/** A few large numbers side by side. */
export function Figures({ items }: { items: readonly Figure[] }) {
  return (
    <div className={`${css.card} ${css.figures}`}>
      {items.map((item) => (
        <div key={item.label}>
          <p className="xs t2">{item.label}</p>
          <p className="big">
            {item.value}
            {item.unit && <span className="unit">{item.unit}</span>}
          </p>
          {item.note && <p className="xs t2">{item.note}</p>}
        </div>
      ))}
    </div>
  );
}

export interface TabLink {
  label: string;
  to: string;
  /** Search parameters of the address. */
  search?: Record<string, string>;
  count?: number;
  active: boolean;
}

/** Tabs that are addresses, so that each can be linked to. */
export function TabLinks({ label, items }: { label: string; items: readonly TabLink[] }) {
  return (
    <nav className={css.tabs} aria-label={label}>
      {items.map((item) => (
        <Link
          key={item.label}
          to={item.to}
          search={item.search ?? {}}
          // Tabs that differ only in what is searched for are different tabs.
          activeOptions={{ exact: true, includeSearch: true }}
          aria-current={item.active ? 'page' : undefined}
        >
          {item.label}
          {item.count !== undefined && <span>{item.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
