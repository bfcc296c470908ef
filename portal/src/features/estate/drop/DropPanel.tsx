import { Button, Select, TextInput } from '@mantine/core';
import { IconFolder, IconFolderOpen } from '@tabler/icons-react';
import { useRef } from 'react';
import { Note } from '@/kit/states/States';
import { dropping as words } from '../words';
import css from './drop.module.css';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

export interface Choice {
  team: string;
  origin: string;
}

interface Props {
  /** Teams that this person may add for; undefined until known. */
  teams: readonly { value: string; label: string }[] | undefined;
  choice: Choice;
  onChoice: (part: Partial<Choice>) => void;
  over: boolean;
  /** Files seen so far while folders are looked through. */
  listing: number | null;
  /** Something was given before a team was chosen. */
  teamMissing: boolean;
  onFiles: (list: FileList | null) => void;
  onStop: () => void;
  onClose: (() => void) | undefined;
}

/** Where files, folders and archives are given, by hand or dropped anywhere on the page. */
export function DropPanel(props: Props) {
  const { teams, choice, onChoice, over, listing, teamMissing, onFiles, onStop, onClose } = props;
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement | null>(null);
  if (teams?.length === 0) {
    return (
      <Note tone="warn">
        <b>{words.noTeam}.</b> {words.noTeamText}
      </Note>
    );
  }
  return (
    <section className={css.drop} data-over={over || undefined} aria-label={words.title}>
      <span className="t3">
        <IconFolderOpen size={26} stroke={1.5} aria-hidden />
      </span>
      {listing === null ? (
        <p className="nm">{over ? words.dropNow : words.drop}</p>
      ) : (
        <p className="nm num" role="status">
          {words.listing(listing)}
        </p>
      )}
      <p className="xs t3">{words.kinds}</p>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={words.files}
        accept=".json,.yaml,.yml,.py,.zip"
        onChange={(event) => {
          onFiles(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
      <input
        ref={(field) => {
          folder.current = field;
          // React knows no attribute of this name.
          if (field) field.webkitdirectory = true;
        }}
        type="file"
        hidden
        aria-label={words.folder}
        onChange={(event) => {
          onFiles(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
      <div className={css.row}>
        {listing === null ? (
          <>
            <Button variant="filled" onClick={() => files.current?.click()}>
              {words.files}
            </Button>
            <Button leftSection={<IconFolder {...ICON} />} onClick={() => folder.current?.click()}>
              {words.folder}
            </Button>
            {onClose && (
              <Button variant="subtle" onClick={onClose}>
                {words.close}
              </Button>
            )}
          </>
        ) : (
          <Button onClick={onStop}>{words.cancel}</Button>
        )}
      </div>
      <div className={css.fields}>
        {(teams?.length ?? 0) > 1 && (
          <Select
            label={words.team}
            placeholder={words.teamHint}
            description={words.teamHelp}
            data={[...(teams ?? [])]}
            value={choice.team || null}
            allowDeselect={false}
            searchable
            onChange={(team) => onChoice({ team: team ?? '' })}
            error={teamMissing && choice.team === '' ? words.teamMissing : undefined}
          />
        )}
        <TextInput
          label={words.origin}
          description={words.originHelp}
          placeholder={words.originFallback}
          value={choice.origin}
          maxLength={63}
          onChange={(event) => onChoice({ origin: event.currentTarget.value })}
        />
      </div>
    </section>
  );
}
