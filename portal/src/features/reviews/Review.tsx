import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { DossierView } from '@/api';
import { FindingsSection } from '@/features/findings/FindingsSection';
import { useFindings } from '@/features/findings/useFindings';
import { Flow } from '@/features/flow/Flow';
import { namesOf } from '@/features/flow/graph';
import { day, shortDigest } from '@/kit/format';
import { DataClass } from '@/kit/marks/Marks';
import { Digest } from '@/kit/marks/Digest';
import { Page } from '@/kit/page/Page';
import { useNames } from '@/session/names';
import { Changed } from './Changed';
import { Checklist, ChecksInShort } from './Checklist';
import { Clock } from './Clock';
import { Decision } from './Decision';
import { useDraft } from './drafts';
import { Grants } from './Grants';
import { Meanwhile } from './Meanwhile';
import { Outcome } from './Outcome';
import { People } from './People';
import { QueueSteps } from './QueueSteps';
import { dataClassOf, marksOf } from './reading';
import css from './review.module.css';
import { Sheet } from './Sheet';
import { useClosures } from './useClosures';
import { decision, review as words } from './words';

/** A day as it stands within a sentence. */
const within = (when: string): string => when.replace(/^(Today|Yesterday)/, (word) => word.toLowerCase());

/** What became of it, for the title. */
function stateOf({ outcome, approval }: DossierView): string {
  if (outcome !== 'approved') return outcome;
  return approval === null || approval.live ? 'live' : 'ended';
}

function Below({ dossier }: { dossier: DossierView }) {
  const { now, before } = useClosures(dossier);
  const { level, tags } = dataClassOf(now.data?.closure['dataClasses']);
  return (
    <>
      {now.data && <DataClass level={level} tags={tags} />}
      <span className={css.digests}>
        {before.data && (
          <>
            <Digest value={before.data.digest} copy />
            <IconArrowRight size={14} stroke={1.75} aria-label="to" />
          </>
        )}
        <Digest value={dossier.digest} copy />
      </span>
      <span className="t3">{dossier.comparedWith > 0 ? words.compared(dossier.comparedWith) : words.first}</span>
      <Link to={`/apps/${dossier.app}`} className="lk">
        {dossier.app}
      </Link>
      <span className="t3">{words.team(dossier.team)}</span>
      <span className={`mono ${css.whole}`}>
        {words.digest} {dossier.digest}
      </span>
    </>
  );
}

/** The page of a review that was read. Mounted anew for each review. */
export function Review({ dossier }: { dossier: DossierView }) {
  const nameOf = useNames();
  const [reason, setReason] = useDraft(dossier.id);
  const [openedAs] = useState(dossier.outcome);
  const isOpen = dossier.outcome === 'open';
  const marks = marksOf(dossier.changes, dossier.comparedWith);
  const kinds = [...marks.values()];
  const countOf = (kind: string) => kinds.filter((each) => each === kind).length;
  // What the drawing may say besides its marks.
  const said = {
    title: words.flow(countOf('added'), countOf('changed'), countOf('removed')),
    ...(dossier.comparedWith > 0 ? { against: String(dossier.comparedWith), changes: dossier.changes } : {}),
  };
  const found = useFindings(dossier.findings);
  const { now } = useClosures(dossier);
  const names = useMemo(() => namesOf(now.data?.graph ?? {}), [now.data]);
  const drafted = { dossier, reason, onReason: setReason };
  return (
    <Page
      name={words.name(dossier.app, dossier.number)}
      title={words.title(dossier.app, dossier.number, dossier.environment, stateOf(dossier))}
      lead={words.asked(nameOf(dossier.submittedBy).displayName, within(day(dossier.submittedAt)), dossier.note)}
      below={<Below dossier={dossier} />}
      crumbs={[{ label: words.reviews, to: '/reviews' }]}
      actions={<QueueSteps id={dossier.id} />}
    >
      <Meanwhile dossier={dossier} openedAs={openedAs} typed={reason !== ''} />
      <div className={css.grid} data-decided={!isOpen || undefined}>
        <div className={css.main}>
          <div className={css.flow}>
            <Flow
              app={dossier.app}
              which={dossier.digest}
              environment={dossier.environment}
              marks={marks}
              findings={found.told}
              focus={found.focus}
              onFocus={found.setFocus}
              lit={found.lit}
              {...said}
            />
          </div>
          <Changed dossier={dossier} />
          {dossier.findings.length > 0 && <FindingsSection found={found} names={names} />}
          <Grants dossier={dossier} />
          <Checklist dossier={dossier} />
        </div>
        <aside className={css.aside} aria-label={words.aside}>
          <div className={css.stuck}>
            {isOpen && <Clock dossier={dossier} />}
            {isOpen ? (
              <div id="decision" className="no-print">
                <Decision {...drafted} label={decision.label} />
              </div>
            ) : (
              <Outcome dossier={dossier} typed={reason} />
            )}
            <ChecksInShort dossier={dossier} />
            <People dossier={dossier} />
          </div>
        </aside>
      </div>
      {isOpen && (
        <Sheet dossier={dossier} label={words.name(dossier.app, dossier.number)} digest={shortDigest(dossier.digest)}>
          <Decision {...drafted} label={decision.open} />
        </Sheet>
      )}
    </Page>
  );
}
