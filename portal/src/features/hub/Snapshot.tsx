import { Button } from '@mantine/core';
import type { HubDetailView } from '@/api';
import { Age, Day } from '@/kit/Age';
import { Facts, Section } from '@/kit/page/Parts';
import { Status } from '@/kit/marks/Marks';
import { Note } from '@/kit/states/States';
import { useMay } from '@/session/me';
import css from './hub.module.css';
import { words } from './words';

/** What the hub has told is wrong; nothing when it is well. */
export function Problems({ hub }: { hub: HubDetailView }) {
  if (hub.problems.length === 0) return null;
  return (
    <Section title={words.problems}>
      <div className={css.problems}>
        {hub.problems.slice(0, 20).map((problem) => (
          <Note key={problem} tone="warn">
            {problem}
          </Note>
        ))}
      </div>
    </Section>
  );
}

/** How new what the hub enforces is, and what may be done with it. */
export function Snapshot({
  hub,
  onRemove,
  onEnrol,
}: {
  hub: HubDetailView;
  onRemove: () => void;
  onEnrol: () => void;
}) {
  const may = useMay();
  const facts = words.facts;
  return (
    <Section title={words.snapshot}>
      <Facts
        items={[
          [
            facts.snapshot,
            hub.snapshotRevision < 0 ? (
              <span className="t3">{facts.nothing}</span>
            ) : (
              <>
                <span className="num">{hub.snapshotRevision}</span> <span className="t3">{facts.epoch(hub.epoch)}</span>
                <br />
                {hub.behind ? (
                  <Status tone="warn" glyph="half">
                    {facts.behind(hub.newestRevision)}
                  </Status>
                ) : (
                  <Status tone="ok" glyph="ok">
                    {facts.inForce}
                  </Status>
                )}
              </>
            ),
          ],
          [facts.holds, hub.quarantineRevision < 0 ? facts.nothing : String(hub.quarantineRevision)],
          [facts.seen, hub.seenAt ? <Age at={hub.seenAt} /> : facts.never],
          [facts.region, hub.region],
          [facts.enrolled, <Day key="enrolled" at={hub.createdAt} />],
        ]}
      />
      {hub.problems.length === 0 && hub.seenAt !== null && <p className={`xs t3 ${css.under}`}>{words.problemsNone}</p>}
      {may('hub:write') && (
        <div className={`${css.row} no-print`}>
          <span className="only-n">
            <Button size="xs" onClick={onEnrol}>
              {words.enrol.button}
            </Button>
          </span>
          <Button size="xs" variant="refuse" onClick={onRemove}>
            {words.remove.button}
          </Button>
        </div>
      )}
    </Section>
  );
}
