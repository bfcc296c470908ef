import { Button } from '@mantine/core';
import { IconPlus, IconRadar2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listSourcesOptions } from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { Page } from '@/kit/page/Page';
import { Card } from '@/kit/page/Parts';
import { Empty, Loaded } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { useRolesWith } from '@/session/roles';
import { Source } from './Source';
import { AddSource } from './SourceForms';
import css from './sources.module.css';
import { byNeed, stateOf } from './states';
import { words } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** Builders that are watched: what really runs there, and how old that is. */
export default function SourcesPage() {
  const may = useMay();
  const now = useNow();
  const roles = useRolesWith('source:write');
  const [adding, setAdding] = useState(false);
  // Looks change nothing that the stream tells of while all is well; only the ages move.
  const sources = useQuery({ ...listSourcesOptions(), refetchInterval: 20_000 });
  const items = sources.data?.items ?? [];
  const count = (state: string) => items.filter((each) => stateOf(each, now) === state).length;
  const writes = may('source:write');
  return (
    <Page
      name={words.name}
      title={sources.data ? words.title(items.length, count('failing'), count('late')) : words.name}
      lead={words.lead}
      below={!writes && roles !== '' && <span className="xs t3">{words.mayNot(roles)}</span>}
      buttons={
        writes && (
          <Button variant="filled" leftSection={<IconPlus {...ICON} />} onClick={() => setAdding(true)}>
            {words.add}
          </Button>
        )
      }
    >
      <Loaded query={sources} what={words.read} lines={8}>
        {(found) =>
          found.items.length === 0 ? (
            <Card>
              <Empty icon={<IconRadar2 {...ICON} size={20} />} title={words.empty}>
                {words.emptyText}
              </Empty>
            </Card>
          ) : (
            <div className={css.list}>
              {byNeed(found.items, now).map((source) => (
                <Source key={source.name} source={source} />
              ))}
            </div>
          )
        }
      </Loaded>
      {adding && <AddSource onClose={() => setAdding(false)} />}
    </Page>
  );
}
