import { useLocalStorage } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import type { AppCallsView, CatalogItem } from '@/api';
import { Spark } from '@/kit/Bars';
import { date, number } from '@/kit/format';
import { BuiltOn } from '@/kit/marks/BuiltOn';
import { DataClass, Stage, Status } from '@/kit/marks/Marks';
import { WhatRuns } from '@/kit/marks/WhatRuns';
import type { Column } from '@/kit/Table';
import css from './rows.module.css';
import { Deputy, Owner } from './People';
import { words } from './words';

export const CHOICES = [
  'owner',
  'team',
  'stage',
  'platform',
  'systems',
  'dataClass',
  'runs',
  'created',
  'calls',
] as const;
export type Choice = (typeof CHOICES)[number];
const USUAL: readonly Choice[] = ['owner', 'stage', 'platform', 'dataClass', 'runs', 'calls'];

const isChoice = (value: unknown): value is Choice => (CHOICES as readonly unknown[]).includes(value);

function read(text: string | undefined): readonly Choice[] {
  if (text === undefined) return USUAL;
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? CHOICES.filter((choice) => found.filter(isChoice).includes(choice)) : USUAL;
  } catch {
    return USUAL;
  }
}

/** The columns that this browser remembers. */
export function useChoices() {
  return useLocalStorage<readonly Choice[]>({
    key: 'handrail-catalog-columns',
    defaultValue: USUAL,
    getInitialValueInEffect: false,
    deserialize: read,
  });
}

/** Calls of the apps in view; null while they are not known. */
export type CallsOf = ReadonlyMap<string, AppCallsView> | null;

export function Name({ app }: { app: CatalogItem }) {
  return (
    <span className={css.name}>
      <Link to="/apps/$name" params={{ name: app.name }} data-row>
        {app.name}
      </Link>
      {app.inReview !== null && (
        <span className={`xs ${css.review}`}>
          <Status tone="warn" glyph="half">
            <span>
              v{app.inReview}
              <span className={css.long}> {words.inReview}</span>
            </span>
          </Status>
        </span>
      )}
      <span className={`xs t3 ${css.purpose}`}>{app.purpose}</span>
    </span>
  );
}

export function Calls({ app, calls }: { app: CatalogItem; calls: CallsOf }) {
  if (calls === null) return <span className="t3">–</span>;
  const found = calls.get(app.name);
  if (!found || found.calls === 0) return <span className="t3">0</span>;
  return (
    <span className={css.calls}>
      <Spark values={found.series} label={words.callsOf(app.name, found.calls)} />
      <span>{number(found.calls)}</span>
    </span>
  );
}

const column: Record<Choice, (calls: CallsOf) => Omit<Column<CatalogItem>, 'key' | 'head'>> = {
  owner: () => ({
    cell: (app) => (
      <span className={css.people}>
        <Owner app={app} />
        <Deputy app={app} />
      </span>
    ),
  }),
  stage: () => ({ cell: (app) => <Stage stage={app.stage} /> }),
  platform: () => ({ cell: (app) => <BuiltOn platform={app.platform} /> }),
  dataClass: () => ({ cell: (app) => <DataClass level={app.dataClass} /> }),
  runs: () => ({ cell: (app) => <WhatRuns app={app} /> }),
  calls: (calls) => ({ right: true, cell: (app) => <Calls app={app} calls={calls} /> }),
  team: () => ({ cell: (app) => <span className={css.one}>{app.team}</span> }),
  systems: () => ({ cell: (app) => <span className={css.one}>{app.connectors.join(', ')}</span> }),
  created: () => ({ right: true, cell: (app) => <span className={css.one}>{date(app.createdAt)}</span> }),
};

export function columnsOf(choices: readonly Choice[], calls: CallsOf): Column<CatalogItem>[] {
  return [
    { key: 'name', head: words.head.name, cell: (app) => <Name app={app} /> },
    ...CHOICES.filter((choice) => choices.includes(choice)).map((choice) => ({
      key: choice,
      head: words.head[choice],
      ...column[choice](calls),
    })),
  ];
}
