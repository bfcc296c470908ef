import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { Logo } from '@/kit/marks/Runs';
import css from './page.module.css';

export interface Crumb {
  label: string;
  /** Where it leads; an address of this portal. */
  to: string;
}

interface Props {
  /** The fact, as a sentence; also the document's title unless `name` is given. */
  title: ReactNode;
  /** What the page is called in the breadcrumb and the window's title. */
  name: string;
  lead?: ReactNode;
  /** A line of people, marks and the like below the lead. */
  below?: ReactNode;
  crumbs?: readonly Crumb[];
  /** Buttons in the bar at the top; stay in view. */
  actions?: ReactNode;
  /** Buttons beside the title: at most one filled. */
  buttons?: ReactNode;
  wide?: boolean;
  children?: ReactNode;
}

/** One page: the bar with where one is, the title that is the fact, and the content. */
export function Page({ title, name, lead, below, crumbs = [], actions, buttons, wide, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${name} · Handrail`;
  }, [name]);
  useEffect(() => {
    // Whoever listens instead of looking hears where they are now; a field that wants the focus keeps it.
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <header className={css.top}>
        <span className="only-n">
          <Logo />
        </span>
        <nav className={css.crumbs} aria-label="Breadcrumb">
          {crumbs.map((crumb) => (
            <span key={crumb.to}>
              <Link to={crumb.to}>{crumb.label}</Link> <span className={css.sep}>/</span>
            </span>
          ))}
          <b aria-current="page">{name}</b>
        </nav>
        <div className={css.acts}>{actions}</div>
      </header>
      <main id="main" className={css.page} data-wide={wide || undefined}>
        <div className={css.head}>
          <div>
            <h1 ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
              {title}
            </h1>
            {lead && <p className={`lead ${css.lead}`}>{lead}</p>}
            {below && <div className={css.below}>{below}</div>}
          </div>
          {buttons && <div className={css.buttons}>{buttons}</div>}
        </div>
        {children}
      </main>
    </>
  );
}

/** Content beside what one may want to know about it; one column below 1080 px. */
export function Columns({ children, aside, label }: { children: ReactNode; aside: ReactNode; label: string }) {
  return (
    <div className={css.columns}>
      <div>{children}</div>
      <aside className={css.aside} aria-label={label}>
        {aside}
      </aside>
    </div>
  );
}
