import { type ReactNode, useCallback, useState } from 'react';
import { useOwnTeams } from '@/features/adopt/useTeams';
import { useRefresh } from '@/live/refresh';
import css from '../estate.module.css';
import { dropping as words } from '../words';
import { setCurrent, useCurrent } from './current';
import { type Choice, DropPanel } from './DropPanel';
import { uploadOf } from './sending';
import { UploadCard } from './UploadCard';
import { useGiven } from './useGiven';
import type { Walked } from './walk';

interface Props {
  /** Whether the panel stands open. */
  open: boolean;
  onOpen: (open: boolean) => void;
  /** Whether nothing was read yet. */
  empty: boolean;
  children: ReactNode;
}

/** A page that takes files dropped anywhere on it; what is on its way stands above its content. */
export function Adding({ open, onOpen, empty, children }: Props) {
  const teams = useOwnTeams();
  const refresh = useRefresh();
  const upload = useCurrent();
  const [choice, setChoice] = useState<Choice>({ team: '', origin: '' });
  // What was given before it was clear for whom.
  const [waiting, setWaiting] = useState<Walked | null>(null);
  const team = choice.team || (teams?.length === 1 ? (teams[0]?.value ?? '') : '');

  const begin = useCallback(
    (walked: Walked, into: Choice) => {
      const made = uploadOf(walked, into, () =>
        refresh('readEstate', 'listDefinitions', 'listEstateLeaks', 'listDuplicates', 'listEstateFiles'),
      );
      setCurrent(made);
      setWaiting(null);
      onOpen(false);
      void made.run();
    },
    [refresh, onOpen],
  );
  const take = useCallback(
    (walked: Walked) => {
      if (team) begin(walked, { ...choice, team });
      else {
        setWaiting(walked);
        onOpen(true);
      }
    },
    [team, choice, begin, onOpen],
  );
  const { over, listing, target, choose, stop } = useGiven(take);
  const change = (part: Partial<Choice>) => {
    const next = { ...choice, ...part };
    setChoice(next);
    if (waiting && next.team) begin(waiting, next);
  };
  const may = teams === undefined || teams.length > 0;
  // An empty estate offers nothing else, until something is on its way.
  const shown = open || listing !== null || (empty && upload === null);
  return (
    // Only a dropped file; every other way in is a button.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div {...(may ? target : {})}>
      {over && !shown && (
        <div className={css.over} aria-hidden="true">
          {words.dropNow}
        </div>
      )}
      {upload && <UploadCard upload={upload} onMore={() => onOpen(true)} />}
      {shown && (
        <DropPanel
          teams={teams}
          choice={{ ...choice, team }}
          onChoice={change}
          over={over}
          listing={listing}
          teamMissing={waiting !== null}
          onFiles={choose}
          onStop={stop}
          onClose={empty ? undefined : () => onOpen(false)}
        />
      )}
      {children}
    </div>
  );
}
