import type { DossierView } from '@/api';
import { Glyph } from '@/kit/marks/Glyph';
import { Card, Section } from '@/kit/page/Parts';
import { checksInShort } from './reading';
import css from './review.module.css';
import { sections as words } from './words';

const passedOf = ({ checks }: DossierView): number => checks.filter((check) => check.passed).length;

function Mark({ passed }: { passed: boolean }) {
  return (
    <span className={`${css.mark} c-${passed ? 'ok' : 'bad'}`}>
      <Glyph name={passed ? 'ok' : 'blocker'} />
      <span className="sr">{passed ? words.passes : words.fails}</span>
    </span>
  );
}

/** Every line of the checklist, with the smallest thing that would make it pass. */
export function Checklist({ dossier }: { dossier: DossierView }) {
  const note = words.checks(passedOf(dossier), dossier.checks.length);
  return (
    <div id="checklist" className={css.anchor}>
      <Section title={words.checklist} note={dossier.outcome === 'open' ? note : `${note}, ${words.checklistNow}`}>
        <Card>
          <ul className={css.checks}>
            {dossier.checks.map((check) => (
              <li key={`${check.name}${check.text}`}>
                <Mark passed={check.passed} />
                <div>
                  <p>{check.text}</p>
                  {check.fix && <p className={`xs t2 ${css.fix}`}>{check.fix}</p>}
                </div>
              </li>
            ))}
          </ul>
        </Card>
      </Section>
    </div>
  );
}

/** The checklist at a glance. */
export function ChecksInShort({ dossier }: { dossier: DossierView }) {
  const passed = passedOf(dossier);
  return (
    <div className={`${css.beside} no-print`}>
      <Card
        title={words.checklist}
        right={<span className="xs t3 num">{words.checks(passed, dossier.checks.length)}</span>}
      >
        <ul className={css.short}>
          {checksInShort(dossier.checks).map((line) => (
            <li key={line.name}>
              <Mark passed={line.failed === 0} />
              <div>
                <p>{words.checkNames[line.name] ?? line.name}</p>
                {line.failed > 0 && (
                  <a href="#checklist" className="lk xs">
                    {words.checkFails(line.failed)}
                  </a>
                )}
                {line.failed === 0 && line.total > 1 && <p className="xs t3">{words.checkOf(line.total)}</p>}
              </div>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
