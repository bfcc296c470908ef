import { Button } from '@mantine/core';
import { IconExternalLink, IconWand } from '@tabler/icons-react';
import { type KeyboardEvent, useRef } from 'react';
import { plain } from '@/features/flow/graph';
import { Glyph } from '@/kit/marks/Glyph';
import { findings as words } from './words';
import { byGravity, type FoundFinding, type OwnLeak, stepped } from './model';
import css from './finding.module.css';
import { PathText } from './PathText';

const tones = { block: 'bad', warn: 'warn', note: 'acc' } as const;
const glyphs = { block: 'blocker', warn: 'warning', note: 'note' } as const;

interface Props {
  findings: readonly FoundFinding[];
  leaks: readonly OwnLeak[];
  /** Key of the chosen finding. */
  chosen: string | null;
  onChoose: (key: string | null) => void;
  nameOf: (step: string) => string;
  onStep: (step: string) => void;
  /** Absent where nothing can be mended, as in a version that was approved. */
  onMend?: (keys: readonly string[]) => void;
  /** Absent where it is registered, or where this person may not. */
  onRegister?: (() => void) | undefined;
}

/** What was found, worst first; the chosen one says why, where, and what ends it. */
export function FindingList(props: Props) {
  const { findings, chosen, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  const groups = byGravity(findings);
  const order = groups.flatMap(([, some]) => some.map((each) => each.key));
  const keys = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    const head = (event.target as HTMLElement).closest<HTMLElement>('[data-finding]');
    if (by === null || !head) return;
    event.preventDefault();
    const next = stepped(order, head.dataset['finding'] ?? null, by);
    list.current?.querySelector<HTMLElement>(`[data-finding="${CSS.escape(next ?? '')}"]`)?.focus();
  };
  return (
    // Only the arrows between its buttons.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={list} onKeyDown={keys}>
      {groups.map(([gravity, some]) => (
        <ul key={gravity} className={css.list} aria-label={words.counts(...countOf(gravity, some.length))}>
          {some.map((finding) => (
            <Item
              key={finding.key}
              {...props}
              finding={finding}
              open={finding.key === chosen}
              onOpen={() => onChoose(finding.key === chosen ? null : finding.key)}
            />
          ))}
        </ul>
      ))}
    </div>
  );
}

const countOf = (gravity: FoundFinding['severity'], n: number): [number, number, number] => [
  gravity === 'block' ? n : 0,
  gravity === 'warn' ? n : 0,
  gravity === 'note' ? n : 0,
];

type ItemProps = Props & { finding: FoundFinding; open: boolean; onOpen: () => void };

function Item({ finding, open, onOpen, leaks, nameOf, onStep, onMend, onRegister }: ItemProps) {
  const leak = leaks.find((each) => each.key === finding.leak);
  return (
    <li className={css.item} data-open={open || undefined}>
      <button type="button" className={css.head} aria-expanded={open} data-finding={finding.key} onClick={onOpen}>
        <span className={`${css.glyph} c-${tones[finding.severity]}`}>
          <Glyph name={glyphs[finding.severity]} size={15} />
          <span className="sr">{words.severity[finding.severity]}</span>
        </span>
        <span className={css.said}>
          <b>{plain(finding.title)}</b>
          <span className="sm t2">{plain(finding.text)}</span>
          <span className="xs t3">{finding.step ? words.step(nameOf(finding.step)) : words.whole}</span>
        </span>
      </button>
      {open && (
        <div className={css.body}>
          {finding.why && <p className="sm">{plain(finding.why)}</p>}
          {leak && <PathText leak={leak} nameOf={nameOf} onStep={onStep} />}
          <Evidence finding={finding} />
          {finding.fix && !(leak?.cut && !finding.fix.mechanical) && (
            <div className={css.fix}>
              <p className="sm">{plain(finding.fix.text)}</p>
              {finding.fix.mechanical ? (
                <>
                  {onMend && (
                    <Button
                      size="xs"
                      variant="filled"
                      leftSection={<IconWand size={14} stroke={1.75} aria-hidden />}
                      onClick={() => onMend([finding.key])}
                    >
                      {words.preview}
                    </Button>
                  )}
                  <p className="xs t3">{finding.fix.checked ? words.checked : words.unchecked}</p>
                </>
              ) : finding.rule === 'unregistered-app' && onRegister ? (
                <Button size="xs" onClick={onRegister}>
                  {words.register}
                </Button>
              ) : (
                <p className="xs t3">{words.byHand}</p>
              )}
            </div>
          )}
        </div>
      )}
    </li>
  );
}

/** Where it stands and what speaks for it; the rule comes last, in mono. */
function Evidence({ finding }: { finding: FoundFinding }) {
  const where = [finding.line > 0 ? words.line(finding.line) : '', finding.pointer].filter(Boolean);
  return (
    <dl className={css.facts}>
      {where.length > 0 && (
        <>
          <dt>{words.at}</dt>
          <dd>
            {finding.line > 0 && words.line(finding.line)}
            {finding.line > 0 && finding.pointer && ', '}
            {finding.pointer && <code>{plain(finding.pointer)}</code>}
          </dd>
        </>
      )}
      {finding.evidence.map(([name, value]) => (
        <div key={name} className={css.pair}>
          <dt>{plain(name)}</dt>
          <dd>{plain(value)}</dd>
        </div>
      ))}
      <dt>{words.rule}</dt>
      <dd className={css.rule}>
        {finding.help ? (
          <a href={finding.help} className="lk" aria-label={words.ruleLabel(finding.rule)}>
            <code>{finding.rule}</code>
            <IconExternalLink size={12} stroke={1.75} aria-hidden />
          </a>
        ) : (
          <code>{finding.rule}</code>
        )}
        {finding.refs.map((ref) => (
          <span key={ref} className="t3">
            <code>{plain(ref, 20)}</code> {words.risks[ref]}
          </span>
        ))}
      </dd>
    </dl>
  );
}
