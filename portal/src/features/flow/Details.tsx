import { CloseButton } from '@mantine/core';
import { Facts } from '@/kit/page/Parts';
import { Glyph } from '@/kit/marks/Glyph';
import { Operation } from '@/kit/marks/Marks';
import css from './details.module.css';
import type { Severity } from './drawn';
import type { StepMark } from './Flow';
import { type FlowGraph, type FlowStep, isCatchAll } from './graph';
import { StepIcon, systemOf, titled } from './system';
import type { Way } from './ways';
import { flow as words } from './words';

const tones = { blocker: 'bad', warning: 'warn', note: 'acc' } as const;
const said = words.details;
const NEIGHBOURS_MAX = 12;

export interface FlowFinding {
  step: string;
  severity: Severity;
  text: string;
}

interface Props {
  step: FlowStep;
  graph: FlowGraph;
  ways: readonly Way[];
  removed: boolean;
  mark: StepMark | undefined;
  changes: readonly string[];
  findings: readonly FlowFinding[];
  onFocus: (id: string | null) => void;
  /** Below its own row in the list: the name stands there already. */
  inline: boolean;
}

/** What is known of one step. Its texts come from somebody's file: they are shown as text and lead nowhere. */
export function Details({ step, graph, ways, removed, mark, changes, findings, onFocus, inline }: Props) {
  const names = new Map(graph.steps.map((each) => [each.id, each.name]));
  const credentials = graph.credentials.filter((held) => step.credentialRefs.includes(held.key));
  const runs = graph.subflows.filter((flow) => flow.steps.includes(step.id));
  const tab = graph.subflows.find((flow) => flow.reference === step.parent);
  const flows = ways.filter((way) => !way.kind.startsWith('ai_'));
  const subs = ways.filter((way) => way.kind.startsWith('ai_'));
  const neighbours = (found: readonly Way[], end: 'source' | 'target') =>
    found.length === 0 ? undefined : (
      <ul className={css.ways}>
        {found.slice(0, NEIGHBOURS_MAX).map((way) => (
          <li key={way.id}>
            <button type="button" className="lk" onClick={() => onFocus(way[end])}>
              {names.get(way[end])}
            </button>
            {way.label && <span className="t3"> {way.label}</span>}
          </li>
        ))}
        {found.length > NEIGHBOURS_MAX && <li className="t3">{words.unknownMore(found.length - NEIGHBOURS_MAX)}</li>}
      </ul>
    );
  const listens = graph.edges.some((edge) => edge.target === step.id && isCatchAll(edge));
  return (
    <div className={css.details}>
      {!inline && (
        <div className={css.head}>
          <span className="t3">
            <StepIcon step={step} size={16} />
          </span>
          <div>
            <h3>{step.name}</h3>
            <p className="xs t2">{systemOf(step)}</p>
          </div>
          <CloseButton size="sm" aria-label={said.close} onClick={() => onFocus(null)} />
        </div>
      )}
      {removed && <p className="sm t2">{said.removed}</p>}
      {step.disabled && <p className="sm t2">{said.off}</p>}
      {findings.length > 0 && (
        <ul className={css.findings} aria-label={said.findings}>
          {findings.map((finding, index) => (
            // Two findings may read the same.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              <span className={`c-${tones[finding.severity]}`}>
                <Glyph name={finding.severity} />
                <span className="sr">{words.severities[finding.severity]}</span>
              </span>
              <span>{finding.text}</span>
            </li>
          ))}
        </ul>
      )}
      {changes.length > 0 && (
        <div>
          <p className={css.small}>{said.changes}</p>
          <ul className={css.changes} aria-label={said.changes}>
            {changes.map((text, index) => (
              // oxlint-disable-next-line react/no-array-index-key
              <li key={index}>
                <span className="mono c-acc" aria-hidden="true">
                  {mark === 'added' ? '+' : mark === 'removed' ? '-' : '~'}
                </span>
                <span>{text}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Facts
        items={[
          [said.does, words.kinds[step.kind]],
          [said.system, step.connector ? titled(step.connector) : undefined],
          [said.connection, step.connection ? `${step.connection}, ${said.throughHub}` : undefined],
          [said.operation, step.operation ? <Operation name={step.operation} /> : undefined],
          [
            said.address,
            step.url ? (
              <code>
                {step.method ? `${step.method} ` : ''}
                {step.url}
              </code>
            ) : undefined,
          ],
          [
            said.hosts,
            step.hosts.length > 0 ? (
              <ul>
                {step.hosts.map((host) => (
                  <li key={host}>
                    <code>{host}</code>
                  </li>
                ))}
              </ul>
            ) : step.kind === 'http' ? (
              said.hostsUnknown
            ) : undefined,
          ],
          [
            said.credentials,
            credentials.length > 0 ? (
              <ul>
                {credentials.map((held) => (
                  <li key={held.key}>
                    {held.name} <span className="t3">{held.type}</span>
                  </li>
                ))}
              </ul>
            ) : undefined,
          ],
          [
            said.failure,
            step.kind === 'config' || step.kind === 'comment' ? undefined : words.failure(step.errorPolicy),
          ],
          [
            said.runs,
            runs.length > 0 ? (
              <ul>
                {runs.map((flow) => (
                  <li key={flow.reference}>
                    {flow.name}, {flow.included ? said.runsHere : said.runsAway}
                  </li>
                ))}
              </ul>
            ) : undefined,
          ],
          [
            said.from,
            listens
              ? said.listens
              : neighbours(
                  flows.filter((way) => way.target === step.id),
                  'source',
                ),
          ],
          [
            said.to,
            neighbours(
              flows.filter((way) => way.source === step.id),
              'target',
            ),
          ],
          [
            said.hangs,
            neighbours(
              subs.filter((way) => way.source === step.id),
              'target',
            ),
          ],
          [
            said.has,
            neighbours(
              subs.filter((way) => way.target === step.id),
              'source',
            ),
          ],
          [said.inside, tab ? words.subflowTitle(tab.name) : undefined],
          [said.type, <code key="type">{step.type}</code>],
          [said.source, step.pointer ? <code>{step.pointer}</code> : undefined],
        ]}
      />
    </div>
  );
}
