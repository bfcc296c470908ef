import { Link } from '@tanstack/react-router';
import type { AppDetailView } from '@/api';
import { Day } from '@/kit/Age';
import { date, money, moment } from '@/kit/format';
import { Digest } from '@/kit/marks/Digest';
import { DataClass } from '@/kit/marks/Marks';
import { Facts, Section } from '@/kit/page/Parts';
import { useNames } from '@/session/names';
import { classesOf, closureOf, type Match, stepsOf } from '../model';
import { useSource, useTeamTitle } from '../use';
import { overview as words } from '../words';
import css from './overview.module.css';
import { costsOf } from './series';
import type { Uses } from './uses';

/** What its calls came to, where operations have prices; nothing otherwise. */
export function Cost({ uses }: { uses: Uses }) {
  const costs = costsOf(uses.calls, words.costRest);
  if (costs.length === 0) return null;
  return (
    <Section title={words.cost} note={words.costNote}>
      {costs.map(({ total, parts }) => {
        const [amount, currency] = money(total).split(' ');
        return (
          <div key={total.currency} className={css.cost}>
            <p className="big">
              {amount}
              <span className="unit">
                {currency} {words.costUnit}
              </span>
            </p>
            <p className="sm t2">{words.costText}</p>
            <div
              className={css.stack}
              role="img"
              aria-label={words.costLabel(
                parts.map((part) => `${part.name} ${money({ ...part, currency: total.currency })}`),
              )}
            >
              {parts.map((part) => (
                <i key={part.name} style={{ flexGrow: part.micros }} />
              ))}
            </div>
            <dl>
              {parts.map((part) => (
                <div key={part.name} className={css.part}>
                  <dt>
                    <i /> {part.name}
                  </dt>
                  <dd className="num">{money({ ...part, currency: total.currency }).split(' ')[0]}</dd>
                </div>
              ))}
            </dl>
          </div>
        );
      })}
    </Section>
  );
}

/** What is known of the app beside its versions. */
export function AppFacts({ app, match, uses }: { app: AppDetailView; match: Match; uses: Uses }) {
  const team = useTeamTitle()(app.team);
  const found = useSource(app, match.environment);
  const { level, tags } = classesOf(uses.version ? closureOf(uses.version.closure).dataClasses : []);
  return (
    <Section title={words.facts}>
      <Facts
        items={[
          [words.called, app.title && app.title !== app.name ? app.title : undefined],
          [words.classFact, uses.version && <DataClass level={level} tags={tags} />],
          [words.builtOn, app.platform || undefined],
          [
            words.known,
            app.versions.length === 0
              ? undefined
              : (words.knownBy[app.assurance as keyof typeof words.knownBy] ?? app.assurance),
          ],
          [
            words.source,
            found && (
              <Link to="/sources" className="lk">
                {found.source.name}
              </Link>
            ),
          ],
          [words.team, team],
          [
            words.registered,
            <time key="at" dateTime={app.createdAt} title={moment(app.createdAt)}>
              {date(app.createdAt)}
            </time>,
          ],
        ]}
      />
    </Section>
  );
}

/** What the version shown is made of. */
export function Consists({ uses }: { uses: Uses }) {
  const { version } = uses;
  const nameOf = useNames();
  if (!version) return null;
  const closure = closureOf(version.closure);
  const connections = new Set(closure.operations.map(([connection]) => connection)).size;
  return (
    <Section title={words.consists(version.number)}>
      <Facts
        items={[
          [words.flows, words.flowsText(stepsOf(version.graph), closure.reachable)],
          [words.ops, words.opsText(closure.operations.length, connections)],
          [
            words.hosts,
            closure.egress.length > 0 ? <span className="c-warn">{closure.egress.join(', ')}</span> : words.noHosts,
          ],
          [
            words.constants,
            closure.constants.length > 0
              ? closure.constants.map(([name, value]) => (
                  <span key={name} className={css.constant}>
                    {name} <code>{value}</code>
                  </span>
                ))
              : words.noConstants,
          ],
          [
            words.unknownFact,
            closure.unknown.length > 0 ? <span className="c-warn">{closure.unknown.join(', ')}</span> : words.nothing,
          ],
          [words.author, version.author ? nameOf(version.author).displayName : undefined],
          [words.digest, <Digest key="digest" value={version.digest} copy whole />],
        ]}
      />
    </Section>
  );
}

/** What has a date: a review that is due, approvals that end. */
export function Next({ app, match }: { app: AppDetailView; match: Match }) {
  const items = [
    ...(match.review ? [{ at: match.review.dueAt, text: words.nextReview(match.review.number) }] : []),
    ...app.approvals
      .filter((each) => each.live && each.environment === match.environment)
      .map((each) => ({
        at: each.expiresAt,
        text: each.supersededAt ? words.nextOlder(each.number) : words.nextApproval(each.number),
      })),
  ].toSorted((left, right) => left.at.localeCompare(right.at));
  if (items.length === 0 || app.stage === 'retired') return null;
  return (
    <Section title={words.next}>
      <dl className={css.next}>
        {items.map((item) => (
          <div key={item.text}>
            <dt className="t3">
              <Day at={item.at} />
            </dt>
            <dd>{item.text}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
