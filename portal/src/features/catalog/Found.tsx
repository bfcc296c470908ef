import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Pager } from '@/kit/list/Pager';
import { Glyph } from '@/kit/marks/Glyph';
import { Card } from '@/kit/page/Parts';
import { Empty, Note } from '@/kit/states/States';
import { useMay } from '@/session/me';
import css from './catalog.module.css';
import { Chips } from './Chips';
import type { Choice } from './columns';
import { facetCount, type Filters, isAll, NOTHING } from './filters';
import { Rows } from './Rows';
import type { Answer } from './useCatalog';
import { words } from './words';

/** Nothing was found, as the title says: the way out; for some views it is good news. */
function Nothing({ filters, onChange }: { filters: Filters; onChange: Props['onChange'] }) {
  const may = useMay();
  if (isAll(filters)) {
    return (
      <Empty
        title={words.none.empty}
        action={
          may('app:write') && (
            <Button component={Link} to="/adopt" leftSection={<IconFileImport size={14} stroke={1.75} aria-hidden />}>
              {words.adopt}
            </Button>
          )
        }
      />
    );
  }
  const good = !filters.q.trim() && facetCount(filters) === 0 && !filters.owner && filters.flag.length === 1;
  return (
    <Empty
      icon={
        good && (
          <span className="c-ok">
            <Glyph name="ok" size={18} />
          </span>
        )
      }
      title={good ? words.none.good : words.none.text}
      action={<Button onClick={() => onChange({ ...NOTHING, sort: filters.sort })}>{words.none.clear}</Button>}
    />
  );
}

interface Props {
  answer: Answer;
  /** What is asked now; the answer may still be of what was asked before. */
  now: Filters;
  old: boolean;
  ownTab: boolean;
  choices: readonly Choice[];
  page: number;
  knowsPrevious: boolean;
  nameOf: (name: string) => string;
  onChange: (next: Filters) => void;
  onTurn: (forward: boolean) => void;
  onUp: () => void;
}

export function Found(props: Props) {
  const { answer, now, old, ownTab, choices, knowsPrevious, nameOf, onChange, onTurn, onUp } = props;
  const { found } = answer;
  return (
    <>
      <Chips filters={now} tab={ownTab} nameOf={nameOf} onChange={onChange} />
      {found.matched === 'similar' && found.total > 0 && (
        <div className={css.similar}>
          <Note tone="warn">{words.similar}</Note>
        </div>
      )}
      {found.items.length === 0 ? (
        <Card>
          <Nothing filters={answer.filters} onChange={onChange} />
        </Card>
      ) : (
        <>
          <Rows apps={found.items} choices={choices} old={old} onUp={onUp} />
          <Pager
            page={answer.page}
            rows={found.items.length}
            total={found.total}
            more={found.next !== null}
            knowsPrevious={knowsPrevious}
            busy={old}
            words={words}
            onTurn={onTurn}
          />
        </>
      )}
    </>
  );
}
