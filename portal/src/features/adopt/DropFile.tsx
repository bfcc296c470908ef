import { Button, Textarea } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useDrop } from '@/kit/fields/drop';
import { Loading, Note, ProblemNote } from '@/kit/states/States';
import css from './adopt.module.css';
import { words } from './words';

/** The server takes 16 MB with everything around the file. */
const LARGEST_BYTES = 15 * 1024 * 1024;

export interface GivenFile {
  filename: string;
  content: string;
}

interface Props {
  onFile: (file: GivenFile) => void;
  /** Name of the file that is being read. */
  busy: string | null;
  error: unknown;
  /** A file that has to be given once more. */
  again: string;
}

/** Take an export: dropped, chosen or pasted, as a file or as text. */
export function DropFile({ onFile, busy, error, again }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [large, setLarge] = useState('');
  const [pasting, setPasting] = useState(false);
  const [text, setText] = useState('');
  const [asked, setAsked] = useState(false);

  const take = (file: File | undefined): void => {
    setLarge('');
    if (!file) return;
    if (file.size > LARGEST_BYTES) setLarge(file.name);
    else void file.text().then((content) => onFile({ filename: file.name, content }));
  };
  const drop = useDrop(take);
  const takeText = (content: string): void => onFile({ filename: words.file.pasted, content });

  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    const file = event.clipboardData?.files[0];
    const content = event.clipboardData?.getData('text/plain') ?? '';
    if (!file && content.trim() === '') return;
    event.preventDefault();
    if (file) take(file);
    else takeText(content);
  });
  useEffect(() => {
    const listen = (event: ClipboardEvent) => onPaste(event);
    document.addEventListener('paste', listen);
    return () => document.removeEventListener('paste', listen);
  }, []);

  if (busy !== null) {
    return (
      <div className={css.drop}>
        <p className="sm">{words.file.reading(busy)}</p>
        <Loading lines={2} />
      </div>
    );
  }
  return (
    <div className={css.stack}>
      {again && (
        <Note tone="warn">
          <b>{words.file.again(again)}.</b> {words.file.againText}
        </Note>
      )}
      <div className={css.drop} {...drop}>
        <span className="t3">
          <IconFileImport size={24} stroke={1.5} aria-hidden />
        </span>
        <p className="nm">{words.file.drop}</p>
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          hidden
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <div className={css.row}>
          <Button variant="filled" onClick={() => input.current?.click()}>
            {words.file.choose}
          </Button>
          <Button aria-expanded={pasting} onClick={() => setPasting(!pasting)}>
            {words.file.paste}
          </Button>
        </div>
        <p className="xs t3">{words.file.pasteHint}</p>
      </div>
      {pasting && (
        <form
          className={css.stack}
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(true);
            if (text.trim() !== '') takeText(text);
          }}
        >
          <Textarea
            label={words.file.pasteLabel}
            value={text}
            rows={8}
            spellCheck={false}
            autoFocus
            onChange={(event) => setText(event.currentTarget.value)}
            error={asked && text.trim() === '' ? words.file.pasteEmpty : undefined}
          />
          <div>
            <Button type="submit">{words.file.pasteRead}</Button>
          </div>
        </form>
      )}
      {large && (
        <Note tone="bad" role="alert">
          <b>{words.file.tooLarge(large)}.</b> {words.file.tooLargeText}
        </Note>
      )}
      <ProblemNote error={error} />
      <p className="xs t3">{words.file.where}</p>
    </div>
  );
}
