import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { AppDetailView, VersionView } from '@/api';
import { Day } from '@/kit/Age';
import { TimeLeft } from '@/kit/Clock';
import { date } from '@/kit/format';
import { Digest } from '@/kit/marks/Digest';
import { Tag, VersionStatus } from '@/kit/marks/Marks';
import { Card, Section } from '@/kit/page/Parts';
import { Empty } from '@/kit/states/States';
import { Table } from '@/kit/Table';
import { useNames } from '@/session/names';
import { rollBack, versions as words } from '../actWords';
import type { Match } from '../model';
import type { TabProps } from '../tabs';
import { type Rights, useSource } from '../use';
import { useHash } from '../useHash';
import { v } from '../words';
import { Compare } from './Compare';
import { Propose, Withdraw } from './Propose';
import { RollBack } from './RollBack';
import { Upload } from './Upload';
import css from './versions.module.css';

const SHOWN = 12;
type Asked = { act: 'propose' | 'withdraw' | 'roll'; version: VersionView } | null;

/** All versions: how each stands, what changed, and what may be done about it. */
export default function Versions({ app, match, rights }: TabProps) {
  const [asked, setAsked] = useState<Asked>(null);
  const nameOf = useNames();
  const [all, setAll] = useState(false);
  const source = useSource(app, match.environment);
  useHash();
  const items = app.versions
    .filter((version) => version.environment === match.environment)
    .toSorted((left, right) => right.number - left.number);
  const shown = all ? items : items.slice(0, SHOWN);
  const close = () => setAsked(null);
  return (
    <>
      <Section title={words.title} note={items.length > 0 ? words.note(items.length) : undefined}>
        <Card>
          <Table
            label={words.title}
            tall
            rows={shown}
            id={(version) => version.id}
            empty={<Empty title={words.empty}>{rights.write ? words.emptyText : rights.who('app:write')}</Empty>}
            columns={[
              {
                key: 'number',
                head: words.version,
                cell: (version) => (
                  <span className={css.name}>
                    <b>{v(version.number)}</b>
                    {version.digest === match.running?.digest && (
                      <Tag tone={match.kind === 'drifted' ? 'bad' : 'ok'}>{words.runs}</Tag>
                    )}
                  </span>
                ),
              },
              { key: 'status', head: words.status, cell: (version) => <Standing app={app} version={version} /> },
              {
                key: 'digest',
                head: words.digest,
                wide: true,
                cell: (version) => <Digest value={version.digest} copy />,
              },
              {
                key: 'author',
                head: words.author,
                wide: true,
                cell: (version) =>
                  version.author ? (
                    <span className={css.author}>{nameOf(version.author).displayName}</span>
                  ) : (
                    <span className="t3">{words.noAuthor}</span>
                  ),
              },
              { key: 'at', head: words.brought, wide: true, cell: (version) => <Day at={version.createdAt} /> },
              {
                key: 'acts',
                head: <span className="sr">{words.acts}</span>,
                right: true,
                cell: (version) => (
                  <RowActs app={app} match={match} rights={rights} version={version} onAsk={setAsked} />
                ),
              },
            ]}
          />
        </Card>
        {items.length > shown.length && (
          <Button className={css.more} onClick={() => setAll(true)}>
            {words.more(items.length - shown.length)}
          </Button>
        )}
        {app.assurance === 'observed' && items.length > 1 && app.stage !== 'retired' && (
          <p className={`sm t3 ${css.hint}`}>{rollBack.observed(source?.source.name ?? rollBack.elsewhere)}</p>
        )}
      </Section>
      {items.length > 0 && <Compare app={app} match={match} items={items} />}
      {rights.write ? (
        <Upload
          key={match.environment}
          app={app}
          environment={match.environment}
          canPropose={rights.submit && !match.review}
          onPropose={(version) => setAsked({ act: 'propose', version })}
        />
      ) : (
        items.length > 0 && app.stage !== 'retired' && <p className={`xs t3 ${css.hint}`}>{rights.who('app:write')}</p>
      )}
      {asked?.act === 'propose' && <Propose app={app} version={asked.version} onClose={close} />}
      {asked?.act === 'withdraw' && <Withdraw app={app} version={asked.version} onClose={close} />}
      {asked?.act === 'roll' && <RollBack app={app} match={match} version={asked.version} onClose={close} />}
    </>
  );
}

/** How a version stands, and who decided or by when. */
function Standing({ app, version }: { app: AppDetailView; version: VersionView }) {
  const nameOf = useNames();
  const approvals = app.approvals.filter(
    (each) => each.digest === version.digest && each.environment === version.environment,
  );
  const approval = approvals.find((each) => each.live) ?? approvals[0];
  const reviews = app.reviews.filter(
    (each) => each.digest === version.digest && each.environment === version.environment,
  );
  const open = reviews.find((each) => each.outcome === 'open');
  const refused = reviews.find((each) => each.outcome === 'refused');
  return (
    <div className={css.standing}>
      <VersionStatus status={version.status} />
      {open ? (
        <span className="xs t3">
          <TimeLeft until={open.dueAt} />
        </span>
      ) : version.status === 'refused' && refused ? (
        <span className="xs t3" title={refused.reason}>
          {words.refusedBy(nameOf(refused.decidedBy).displayName, refused.reason)}
        </span>
      ) : (
        approval && (
          <span className="xs t3">
            {words.approvedBy(nameOf(approval.approver).displayName, date(approval.validFrom))}
            {approval.live &&
              `, ${(approval.supersededAt ? words.mayRunUntil : words.until)(date(approval.expiresAt))}`}
          </span>
        )
      )}
    </div>
  );
}

interface ActsProps {
  app: AppDetailView;
  match: Match;
  rights: Rights;
  version: VersionView;
  onAsk: (asked: Asked) => void;
}

/** What may be done with one version: at most one or two buttons. */
function RowActs({ app, match, rights, version, onAsk }: ActsProps) {
  const inReview = match.review?.digest === version.digest;
  const live = app.approvals.some(
    (each) => each.live && each.digest === version.digest && each.environment === version.environment,
  );
  const declared = app.assurance === 'declared';
  const back = match.running !== undefined && version.number < match.running.number;
  const runLabel = back ? words.rollBack : words.sayRuns;
  return (
    <span className={css.acts}>
      {inReview && match.review && (
        <Button
          component={Link}
          to={`/reviews/${match.review.id}`}
          size="xs"
          className="hide-n"
          aria-label={`${words.openReview} ${v(version.number)}`}
        >
          {words.openReview}
        </Button>
      )}
      {inReview && rights.submit && (
        <Button size="xs" onClick={() => onAsk({ act: 'withdraw', version })}>
          {words.withdraw}
        </Button>
      )}
      {!match.review && rights.submit && (version.status === 'draft' || version.status === 'refused') && (
        <Button
          size="xs"
          aria-label={`${words.propose} ${v(version.number)}`}
          onClick={() => onAsk({ act: 'propose', version })}
        >
          {words.propose}
        </Button>
      )}
      {live && declared && rights.write && version.digest !== match.running?.digest && (
        <Button
          size="xs"
          aria-label={`${runLabel}: ${v(version.number)}`}
          onClick={() => onAsk({ act: 'roll', version })}
        >
          {runLabel}
        </Button>
      )}
    </span>
  );
}
