import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { type AdoptedView, adoptApp, draftApp, type DraftView, listParts, type PartsView } from '@/api';
import { useDraft } from '@/kit/draft';
import { Columns, Page } from '@/kit/page/Page';
import { Section } from '@/kit/page/Parts';
import { Note } from '@/kit/states/States';
import { Step, Steps } from '@/kit/steps/Steps';
import { useMay, useMe } from '@/session/me';
import css from './adopt.module.css';
import { Confirm } from './Confirm';
import { DropFile } from './DropFile';
import { type Answers, answersOf, completeManifest } from './manifest';
import { Next } from './Next';
import { Understood } from './Understood';
import { useOwnTeams } from './useTeams';
import { words } from './words';

interface Kept {
  filename: string;
  content: string;
  /** Chosen flow of the file; empty for all of it, null until chosen. */
  part: string | null;
  environment: string;
  answers: Answers | null;
  /** What the answers were begun for. */
  answeredFor: string;
}

interface Read {
  parts: PartsView;
  draft: DraftView | null;
}

const nothing: Kept = {
  filename: '',
  content: '',
  part: null,
  environment: 'production',
  answers: null,
  answeredFor: '',
};
const withoutContent = (kept: Kept): Kept => ({ ...kept, content: '' });
const crumbs = [{ label: words.catalog, to: '/catalog' }];

type Source = Pick<Kept, 'filename' | 'content' | 'part' | 'environment'>;

/** Read a file: its flows, and the one that was chosen or is the only one. */
async function readFile({ part, ...file }: Source): Promise<Read> {
  const { data: parts } = await listParts({ body: file, throwOnError: true });
  if (parts.items.length > 1 && part === null) return { parts, draft: null };
  const { data: draft } = await draftApp({ body: { ...file, part: part || null }, throwOnError: true });
  return { parts, draft };
}

function Parts({ parts, onChoose }: { parts: PartsView; onChoose: (part: string) => void }) {
  return (
    <div className={css.stack} style={{ gap: 8 }}>
      <h3>{words.part.title(parts.items.length)}</h3>
      {parts.items.map((part) => (
        <button key={part.id} type="button" className={css.part} onClick={() => onChoose(part.id)}>
          <b>{part.label}</b>
          <span className="xs t3">{words.part.steps(part.steps)}</span>
        </button>
      ))}
      {parts.whole && (
        <button type="button" className={css.part} onClick={() => onChoose('')}>
          <b>{words.part.whole}</b>
          <span className="xs t3">{words.part.wholeText}</span>
        </button>
      )}
    </div>
  );
}

function Then() {
  return (
    <Section title={words.after.title}>
      <ol className={css.then}>
        {words.after.items.map(([what, how]) => (
          <li key={what} className="sm">
            <b>{what}</b>
            <p className="t2">{how}</p>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Bring what somebody built elsewhere: the file, what we understood of it, and the few facts it cannot tell. */
export default function AdoptPage() {
  const me = useMe();
  const may = useMay();
  const teams = useOwnTeams();
  const [kept, keep, clear] = useDraft<Kept>('adopt', nothing, withoutContent);
  const [made, setMade] = useState<AdoptedView | null>(null);

  const begin = (draft: DraftView, source: Source) => {
    const key = JSON.stringify([source.filename, source.content.length, source.part, source.environment]);
    if (kept.answers !== null && kept.answeredFor === key) return;
    const fresh = answersOf(draft, me.name, teams?.length === 1 ? (teams[0]?.value ?? '') : '');
    const { team, owner, deputy, purpose, dataClasses } = kept.answers ?? fresh;
    keep({ answers: { ...fresh, team: team || fresh.team, owner, deputy, purpose, dataClasses }, answeredFor: key });
  };
  const read = useMutation({
    mutationFn: readFile,
    onSuccess: ({ draft }, source) => {
      if (draft) begin(draft, source);
    },
  });
  const take = (change: Partial<Kept>) => {
    const source = { ...kept, ...change };
    keep(change);
    read.mutate({
      filename: source.filename,
      content: source.content,
      part: source.part,
      environment: source.environment,
    });
  };
  const send = useMutation({
    mutationFn: async ({ draft, answers }: { draft: DraftView; answers: Answers }) => {
      const { filename, content, part, environment } = kept;
      const manifest = JSON.stringify(completeManifest(draft, answers), null, 2);
      const body = { filename, content, part: part || null, environment, manifest };
      return (await adoptApp({ body, throwOnError: true })).data;
    },
    onSuccess: (adopted) => {
      setMade(adopted);
      clear();
      window.scrollTo({ top: 0 });
    },
  });

  // After a reload the file is read once more.
  const readAgain = useEffectEvent(() => {
    if (kept.content) take({});
  });
  useEffect(() => readAgain(), []);
  // One team is no choice; it may be known only after the file was read.
  const onlyTeam = teams?.length === 1 ? teams[0]?.value : undefined;
  const { answers } = kept;
  useEffect(() => {
    if (onlyTeam && answers && !answers.team) keep({ answers: { ...answers, team: onlyTeam } });
  }, [onlyTeam, answers, keep]);

  if (!may('app:write')) {
    return (
      <Page name={words.name} title={words.title} crumbs={crumbs}>
        <Note tone="warn">
          <b>{words.noTeam}.</b> {words.noTeamText}
        </Note>
      </Page>
    );
  }
  if (made) {
    return (
      <Page
        name={words.name}
        title={words.done.title(made.app.name)}
        lead={words.done.lead(made.version.number)}
        crumbs={crumbs}
      >
        <Next
          made={made}
          onAnother={() => {
            read.reset();
            send.reset();
            setMade(null);
          }}
        />
      </Page>
    );
  }
  const { parts, draft } = (!read.isPending && read.data) || { parts: null, draft: null };
  const other = (
    <Button
      size="xs"
      variant="subtle"
      onClick={() => {
        read.reset();
        keep({ filename: '', content: '', part: null });
      }}
    >
      {words.file.another}
    </Button>
  );
  return (
    <Page name={words.name} title={words.title} lead={words.lead} crumbs={crumbs}>
      <Columns label={words.after.title} aside={<Then />}>
        <Steps>
          <Step
            state={draft ? 'done' : 'now'}
            title={words.file.title}
            lead={draft ? kept.filename : parts ? kept.filename : words.file.lead}
            note={parts && other}
          >
            {parts && !draft && <Parts parts={parts} onChoose={(part) => take({ part })} />}
            {!parts && (
              <DropFile
                busy={read.isPending ? kept.filename : null}
                error={read.error}
                again={kept.content === '' ? kept.filename : ''}
                onFile={(file) => take({ ...file, part: null })}
              />
            )}
          </Step>
          <Step
            state={draft ? 'done' : 'next'}
            title={words.known.title}
            lead={
              draft
                ? words.known.lead(draft.title, words.platform(draft.platform), draft.steps.length)
                : words.known.later
            }
            note={
              draft &&
              (parts?.items.length ?? 0) > 1 && (
                <Button size="xs" variant="subtle" onClick={() => take({ part: null })}>
                  {words.part.other}
                </Button>
              )
            }
          >
            {draft && <Understood draft={draft} />}
          </Step>
          <Step state={draft ? 'now' : 'next'} title={words.ask.title} lead={draft ? words.ask.lead : words.ask.later}>
            {draft && answers && (
              <Confirm
                draft={draft}
                answers={answers}
                environment={kept.environment}
                onChange={(change) => keep({ answers: { ...answers, ...change } })}
                onEnvironment={(environment) => take({ environment })}
                busy={send.isPending}
                error={send.error}
                onSubmit={() => send.mutate({ draft, answers })}
              />
            )}
          </Step>
        </Steps>
      </Columns>
    </Page>
  );
}
