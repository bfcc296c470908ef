import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ToDoView } from '@/api';
import { Section } from '@/kit/page/Parts';
import css from './estate.module.css';
import { words } from './words';

const PAGES: Readonly<Record<string, string>> = {
  leaks: '/estate/leaks',
  duplicates: '/estate/duplicates',
  files: '/estate/unreadable',
};

/** Where a task is done: one of the lists, or the inventory with these filters. */
function placeOf(link: string): { to: string; search: Record<string, string> } {
  const page = PAGES[link];
  return page
    ? { to: page, search: {} }
    : { to: '/estate/definitions', search: Object.fromEntries(new URLSearchParams(link)) };
}

/** What to begin with: few things, each with the one button that begins it. */
export function DoFirst({ items }: { items: readonly ToDoView[] }) {
  return (
    <Section title={words.first.title}>
      {items.length === 0 ? (
        <p className="sm t2">{words.first.none}</p>
      ) : (
        <ol className={css.do}>
          {items.map((item, index) => {
            const { to, search } = placeOf(item.link);
            return (
              <li key={item.kind}>
                <span className="t3 num">{index + 1}</span>
                <div>
                  <b>{item.title}</b>
                  <p className="t2">{item.text}</p>
                  <Button
                    size="xs"
                    component={Link}
                    to={to}
                    search={search as never}
                    aria-label={`${words.first.act[item.kind] ?? words.first.look}: ${item.title}`}
                  >
                    {words.first.act[item.kind] ?? words.first.look}
                  </Button>
                </div>
              </li>
            );
          })}
        </ol>
      )}
    </Section>
  );
}
