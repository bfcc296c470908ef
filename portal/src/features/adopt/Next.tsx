import { Button, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { AdoptedView } from '@/api';
import { editAppMutation, submitMutation } from '@/api/@tanstack/react-query.gen';
import { PersonPicker } from '@/kit/fields/PersonPicker';
import { Card } from '@/kit/page/Parts';
import { Note, ProblemNote } from '@/kit/states/States';
import { useMay } from '@/session/me';
import css from './adopt.module.css';
import { words } from './words';

const done = words.done;

/** What comes after an app was registered: a deputy if there is none, then the review. */
export function Next({ made, onAnother }: { made: AdoptedView; onAnother: () => void }) {
  const { app, version } = made;
  const may = useMay();
  const [deputy, setDeputy] = useState('');
  const [note, setNote] = useState('');
  const name = useMutation(editAppMutation());
  const propose = useMutation(submitMutation());
  const named = app.deputy || name.data?.deputy;
  const review = propose.data;
  return (
    <div className={`${css.stack} ${css.narrow}`}>
      {version.findings.length > 0 && (
        <Note tone="warn">
          <b>{done.findings}.</b>
          <ul>
            {version.findings.map((finding) => (
              <li key={`${finding.pointer}${finding.rule}`}>{finding.text}</li>
            ))}
          </ul>
        </Note>
      )}
      {review ? (
        <Card pad>
          <h2>{done.proposed(app.name)}</h2>
          <p className="sm t2">{done.proposedText}</p>
          <div className={css.row} style={{ marginTop: 14 }}>
            <Button component={Link} to={`/reviews/${review.id}`} variant="filled">
              {done.toReview}
            </Button>
            <Button component={Link} to={`/apps/${app.name}`}>
              {done.open(app.name)}
            </Button>
            <Button variant="subtle" onClick={onAnother}>
              {done.another}
            </Button>
          </div>
        </Card>
      ) : !named ? (
        <Card pad>
          <form
            className={css.stack}
            onSubmit={(event) => {
              event.preventDefault();
              if (deputy) name.mutate({ path: { name: app.name }, body: { deputy } });
            }}
          >
            <div>
              <h2>{done.deputyTitle}</h2>
              <p className="sm t2">{done.deputyText}</p>
            </div>
            <PersonPicker label={words.ask.deputy} value={deputy} onChange={setDeputy} without={[app.owner]} />
            <ProblemNote error={name.error} />
            <div className={css.row}>
              <Button type="submit" variant="filled" loading={name.isPending} disabled={deputy === ''}>
                {done.deputySave}
              </Button>
              <Elsewhere app={app.name} onAnother={onAnother} />
            </div>
          </form>
        </Card>
      ) : (
        <Card pad>
          <form
            className={css.stack}
            onSubmit={(event) => {
              event.preventDefault();
              propose.mutate({
                path: { name: app.name },
                body: { digest: version.digest, environment: version.environment, note: note.trim() },
              });
            }}
          >
            <div>
              <h2>{done.proposeTitle}</h2>
              <p className="sm t2">{done.proposeText}</p>
            </div>
            <Textarea
              label={done.note}
              description={done.noteHelp}
              autosize
              minRows={2}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <ProblemNote error={propose.error} />
            <div className={css.row}>
              {may('version:submit', app.team) && (
                <Button type="submit" variant="filled" loading={propose.isPending}>
                  {done.propose(version.number)}
                </Button>
              )}
              <Elsewhere app={app.name} onAnother={onAnother} />
            </div>
          </form>
        </Card>
      )}
    </div>
  );
}

/** What else one may do now. */
function Elsewhere({ app, onAnother }: { app: string; onAnother: () => void }) {
  return (
    <>
      <Button component={Link} to={`/apps/${app}`}>
        {done.open(app)}
      </Button>
      <Button variant="subtle" onClick={onAnother}>
        {done.another}
      </Button>
    </>
  );
}
