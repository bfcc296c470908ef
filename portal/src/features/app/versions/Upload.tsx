import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { AppDetailView, TakenInView } from '@/api';
import { listEnvironmentsOptions, uploadVersionMutation } from '@/api/@tanstack/react-query.gen';
import { useDrop } from '@/kit/fields/drop';
import { Glyph } from '@/kit/marks/Glyph';
import { Card, Section } from '@/kit/page/Parts';
import { problemOf } from '@/kit/problem';
import { Note, ProblemNote } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { upload as words } from '../actWords';
import { useFresh } from '../fresh';
import css from './versions.module.css';

const LARGEST = 8_000_000;

interface Props {
  app: AppDetailView;
  environment: string;
  canPropose: boolean;
  onPropose: (taken: TakenInView) => void;
}

/** Bring a new version: drop the exported file, say who built it, see what was found in it. */
export function Upload({ app, environment, canPropose, onPropose }: Props) {
  const fresh = useFresh();
  const picker = useRef<HTMLInputElement>(null);
  const manifestPicker = useRef<HTMLInputElement>(null);
  const environments = useQuery(listEnvironmentsOptions());
  const [file, setFile] = useState<{ name: string; content: string } | null>(null);
  const [manifest, setManifest] = useState<{ name: string; content: string } | null>(null);
  const [wrong, setWrong] = useState('');
  const [author, setAuthor] = useState('');
  const [part, setPart] = useState('');
  const [place, setPlace] = useState(environment);
  const send = useMutation({
    ...uploadVersionMutation(),
    onSuccess: async (taken) => {
      setFile(null);
      setManifest(null);
      toast((taken.isNew ? words.isNew : words.known)(taken.number));
      await fresh();
    },
  });
  const take = async (given: File | undefined, keep: (read: { name: string; content: string }) => void) => {
    if (!given) return;
    setWrong('');
    send.reset();
    if (given.size > LARGEST) setWrong(words.tooLarge('8 MB'));
    else
      try {
        keep({ name: given.name, content: await given.text() });
      } catch {
        setWrong(words.unreadable);
      }
  };
  const drop = useDrop((dropped) => void take(dropped, setFile));
  const problem = send.error ? problemOf(send.error) : undefined;
  const needsPart = problem?.code.includes('part') || part !== '';
  return (
    <Section id="bring" title={words.title}>
      <Card pad>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (!file) return;
            send.mutate({
              path: { name: app.name },
              body: {
                content: file.content,
                filename: file.name,
                environment: place,
                author: author.trim(),
                ...(part.trim() ? { part: part.trim() } : {}),
                ...(manifest ? { manifest: manifest.content, manifestFile: manifest.name } : {}),
              },
            });
          }}
        >
          <input
            ref={picker}
            type="file"
            accept=".json,application/json"
            hidden
            onChange={(event) => {
              void take(event.currentTarget.files?.[0], setFile);
              event.currentTarget.value = '';
            }}
          />
          <div className={css.drop} {...drop}>
            <IconFileImport size={20} stroke={1.75} aria-hidden />
            <div>
              <p className="nm">{file ? file.name : words.drop}</p>
              <p className="xs t3">{words.text}</p>
            </div>
            <Button size="xs" onClick={() => picker.current?.click()}>
              {file ? words.another : words.choose}
            </Button>
          </div>
          {wrong && (
            <p className="xs c-bad" role="alert">
              {wrong}
            </p>
          )}
          {file && (
            <>
              <div className={css.fields}>
                <TextInput
                  label={words.author}
                  description={words.authorHelp}
                  value={author}
                  onChange={(event) => setAuthor(event.currentTarget.value)}
                />
                <NativeSelect
                  label={words.environment}
                  data={(environments.data?.items ?? [{ name: environment }]).map((each) => each.name)}
                  value={place}
                  onChange={(event) => setPlace(event.currentTarget.value)}
                />
                {needsPart && (
                  <TextInput
                    label={words.part}
                    description={words.partHelp}
                    value={part}
                    onChange={(event) => setPart(event.currentTarget.value)}
                  />
                )}
              </div>
              <input
                ref={manifestPicker}
                type="file"
                accept=".yaml,.yml"
                hidden
                onChange={(event) => {
                  void take(event.currentTarget.files?.[0], setManifest);
                  event.currentTarget.value = '';
                }}
              />
              <p className={css.manifest}>
                <Button size="xs" variant="subtle" onClick={() => manifestPicker.current?.click()}>
                  {manifest ? manifest.name : words.manifestChoose}
                </Button>
                <span className="xs t3">{words.manifestHelp}</span>
              </p>
            </>
          )}
          <ProblemNote error={send.error} />
          {file && (
            <div>
              <Button type="submit" variant="filled" loading={send.isPending}>
                {words.send}
              </Button>
            </div>
          )}
        </form>
        {send.data && !file && (
          <Taken app={app} taken={send.data} canPropose={canPropose} onPropose={() => onPropose(send.data)} />
        )}
      </Card>
    </Section>
  );
}

interface TakenProps {
  app: AppDetailView;
  taken: TakenInView;
  canPropose: boolean;
  onPropose: () => void;
}

/** What was found in what was brought, and what comes next. */
function Taken({ app, taken, canPropose, onPropose }: TakenProps) {
  // It may have been proposed and decided since.
  const status = app.versions.find((each) => each.id === taken.id)?.status ?? taken.status;
  return (
    <div className={css.field}>
      <Note
        tone={taken.findings.length > 0 ? 'warn' : 'ok'}
        role="status"
        action={
          canPropose && status === 'draft' ? (
            <Button size="xs" onClick={onPropose}>
              {words.proposeNow(taken.number)}
            </Button>
          ) : undefined
        }
      >
        <b>{(taken.isNew ? words.isNew : words.known)(taken.number)}.</b> {words.findings(taken.findings.length)}
        {taken.findings.length > 0 && (
          <ul className={css.problems}>
            {taken.findings.map((finding) => (
              <li key={`${finding.rule}${finding.pointer}`}>
                <span className="c-warn">
                  <Glyph name="warning" />
                </span>{' '}
                {finding.text} <code className="xs t3">{finding.rule}</code>
              </li>
            ))}
          </ul>
        )}{' '}
        <Link
          to={`/apps/${app.name}/versions`}
          search={{ environment: taken.environment, to: String(taken.number) }}
          hash="compare"
          className="lk"
        >
          {words.compareNow}
        </Link>
      </Note>
    </div>
  );
}
