import { Button } from '@mantine/core';
import { IconArchive, IconHandStop } from '@tabler/icons-react';
import { useState } from 'react';
import { Who } from '@/kit/marks/Who';
import { Card, Facts, Section } from '@/kit/page/Parts';
import { settings as words } from '../actWords';
import type { TabProps } from '../tabs';
import { useTeamTitle } from '../use';
import { useHash } from '../useHash';
import { EditForm } from './EditForm';
import { HoldDialog } from './HoldDialog';
import { RetireDialog } from './RetireDialog';
import css from './settings.module.css';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** What is known of an app, to be changed by who may; and how to stop it. */
export default function Settings({ app, rights }: TabProps) {
  const team = useTeamTitle()(app.team);
  const [asked, setAsked] = useState<'hold' | 'retire' | null>(null);
  useHash();
  const held = app.quarantine !== null;
  return (
    <div className={css.settings}>
      <Section title={words.title} note={rights.write ? words.note : undefined}>
        {rights.write ? (
          <EditForm app={app} />
        ) : (
          <Card pad>
            <Facts
              items={[
                [words.name, app.name],
                [words.titleField, app.title || words.empty],
                [words.purpose, app.purpose || words.empty],
                [words.owner, <Who key="owner" name={app.owner} />],
                [words.deputy, app.deputy ? <Who key="deputy" name={app.deputy} /> : words.nobody],
                [words.team, team],
              ]}
            />
            {app.stage !== 'retired' && (
              <p className={`xs t3 ${css.who}`}>
                {words.readOnly} {rights.who('app:write')}
              </p>
            )}
          </Card>
        )}
      </Section>
      {app.stage !== 'retired' && (
        <Section title={words.danger}>
          <Card>
            <div className={css.act}>
              <div>
                <h3>{held ? words.liftTitle(app.name) : words.hold}</h3>
                <p className="sm t2">{held ? words.liftText : words.holdAbout}</p>
                {!rights.hold && <p className="xs t3">{rights.who('quarantine')}</p>}
              </div>
              {rights.hold && (
                <Button
                  variant={held ? 'default' : 'refuse'}
                  leftSection={<IconHandStop {...ICON} />}
                  onClick={() => setAsked('hold')}
                >
                  {held ? words.lift : words.hold}
                </Button>
              )}
            </div>
            <div className={css.act} id="retire">
              <div>
                <h3>{words.retire}</h3>
                <p className="sm t2">{words.retireAbout}</p>
                {!rights.write && <p className="xs t3">{rights.who('app:write')}</p>}
              </div>
              {rights.write && (
                <Button variant="refuse" leftSection={<IconArchive {...ICON} />} onClick={() => setAsked('retire')}>
                  {words.retire}
                </Button>
              )}
            </div>
          </Card>
        </Section>
      )}
      {asked === 'hold' && <HoldDialog app={app} onClose={() => setAsked(null)} />}
      {asked === 'retire' && <RetireDialog app={app} onClose={() => setAsked(null)} />}
    </div>
  );
}
