import { plain } from '@/features/flow/graph';
import { Glyph } from '@/kit/marks/Glyph';
import { Card, Section } from '@/kit/page/Parts';
import { Empty } from '@/kit/states/States';
import { FindingList } from './FindingList';
import { countsOf } from './model';
import type { Findings } from './useFindings';
import { findings as words } from './words';

interface Props {
  found: Findings;
  /** Names of steps by id, where they differ. */
  names?: ReadonlyMap<string, string>;
}

/** What the automatic checks say of a version; choosing one shows its step and its way in the flow above. */
export function FindingsSection({ found, names }: Props) {
  const counts = countsOf(found.findings);
  return (
    <Section title={words.title} note={words.counts(counts.block, counts.warn, counts.note)} id="findings">
      <Card>
        {found.findings.length === 0 ? (
          <Empty
            icon={
              <span className="c-ok">
                <Glyph name="ok" size={18} />
              </span>
            }
            title={words.none}
          >
            {words.noneText}
          </Empty>
        ) : (
          <FindingList
            findings={found.findings}
            leaks={found.leaks}
            chosen={found.chosen}
            onChoose={found.choose}
            nameOf={(step) => names?.get(step) ?? plain(step, 120)}
            onStep={found.setFocus}
          />
        )}
      </Card>
    </Section>
  );
}
