import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import type { DossierView } from '@/api';
import { Changes } from '@/kit/Changes';
import { Card, Section } from '@/kit/page/Parts';
import { RawDifference } from './RawDifference';
import { byEffect, byPart } from './reading';
import css from './review.module.css';
import { useClosures } from './useClosures';
import { sections as words } from './words';

/** What differs from what is approved, in sentences; of a first version, what it consists of. */
export function Changed({ dossier }: { dossier: DossierView }) {
  const [raw, setRaw] = useState(false);
  const id = useId();
  const { comparedWith, changes } = dossier;
  const first = comparedWith === 0;
  const { now } = useClosures(dossier);
  const groups = first
    ? byPart(changes, now.data?.closure).map((group) => ({ ...group, title: words.parts[group.name] }))
    : byEffect(changes).map((group) => ({ ...group, title: words.effects[group.name] }));
  return (
    <Section
      title={first ? words.first : words.changed(comparedWith)}
      note={first ? words.firstNote : words.changes(changes.length)}
      right={
        <Button
          size="xs"
          variant="subtle"
          className="no-print"
          aria-expanded={raw}
          aria-controls={id}
          onClick={() => setRaw(!raw)}
        >
          {raw ? words.hideRaw : words.raw}
        </Button>
      }
    >
      <Card>
        {groups.map((group) => (
          <section key={group.name} className={css.group} data-effect={group.name}>
            <h3>
              {group.title} <span className="t3 num">{group.items.length}</span>
            </h3>
            <Changes items={group.items} grouped />
          </section>
        ))}
        {groups.length === 0 && <Changes items={[]} />}
      </Card>
      <div id={id} className={raw ? css.raw : undefined}>
        {raw && <RawDifference dossier={dossier} />}
      </div>
    </Section>
  );
}
