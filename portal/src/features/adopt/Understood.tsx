import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { DraftView } from '@/api';
import { Operation } from '@/kit/marks/Marks';
import { Card, Facts } from '@/kit/page/Parts';
import { Note } from '@/kit/states/States';
import css from './adopt.module.css';
import { words } from './words';

const SHOWN = 7;
const known = words.known;

function StepList({ steps }: { steps: readonly string[] }) {
  const [all, setAll] = useState(false);
  const shown = all || steps.length <= SHOWN + 1 ? steps : steps.slice(0, SHOWN);
  return (
    <>
      <ol className={css.steps}>
        {shown.map((step, index) => (
          // Two steps may read the same.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={`${index}${step}`}>{step}</li>
        ))}
      </ol>
      {steps.length > SHOWN + 1 && (
        <Button size="xs" variant="subtle" mt={6} onClick={() => setAll(!all)}>
          {all ? known.fewer : known.more(steps.length - SHOWN)}
        </Button>
      )}
    </>
  );
}

const codes = (items: readonly string[]) => (
  <span className={css.words}>
    {items.map((item) => (
      <Operation key={item} name={item} />
    ))}
  </span>
);

/** What reading the file told, and what it did not. */
export function Understood({ draft }: { draft: DraftView }) {
  return (
    <div className={css.stack}>
      <Card pad>
        <Facts
          items={[
            [known.steps, <StepList key="steps" steps={draft.steps} />],
            [
              known.systems,
              draft.connectors.length > 0 ? (
                draft.connectors.join(', ')
              ) : (
                <span className="t3">{known.systemsNone}</span>
              ),
            ],
            [known.calls, draft.calls.length > 0 ? codes(draft.calls) : <span className="t3">{known.callsNone}</span>],
            [
              known.hosts,
              draft.egress.length > 0 ? codes(draft.egress) : <span className="t3">{known.hostsNone}</span>,
            ],
          ]}
        />
      </Card>
      {draft.credentials.length > 0 && (
        <Note tone="warn" icon={<IconKey size={16} stroke={1.75} aria-hidden />}>
          <b>{known.credentials(draft.credentials.length)}.</b> {known.credentialsText(draft.credentials)}
        </Note>
      )}
      {draft.findings.length > 0 && (
        <Note tone="warn">
          <b>{known.findings}.</b>
          <ul>
            {draft.findings.map((finding) => (
              <li key={`${finding.pointer}${finding.rule}`}>
                {finding.text}
                {finding.step && known.inStep(finding.step)}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {draft.unknown.length > 0 ? (
        <Note tone="warn">
          <b>{known.unknown(draft.unknown.length)}.</b> {known.unknownText}
          <ul>
            {draft.unknown.map((each) => (
              <li key={each}>{each[0]?.toUpperCase() + each.slice(1)}.</li>
            ))}
          </ul>
        </Note>
      ) : (
        <p className="xs t3">{known.unknownNone}</p>
      )}
    </div>
  );
}
