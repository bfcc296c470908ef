import { Button, Radio } from '@mantine/core';
import { useState } from 'react';
import { Day } from '@/kit/Age';
import { Card } from '@/kit/page/Parts';
import { Note } from '@/kit/states/States';
import { useNames } from '@/session/names';
import { settings as words } from '../actWords';
import { clashesOf, type Field, merged, type Values } from './edits';
import css from './settings.module.css';

interface Props {
  before: Values;
  mine: Values;
  theirs: Values;
  by: string;
  at: string;
  busy: boolean;
  show: (field: Field, value: string) => string;
  onSave: (values: Values) => void;
  onDrop: () => void;
}

/** Somebody changed the app meanwhile: both sides, and a choice for each field. Nothing is lost. */
export function Conflict({ before, mine, theirs, by, at, busy, show, onSave, onDrop }: Props) {
  const nameOf = useNames();
  const [choice, setChoice] = useState<Partial<Record<Field, 'mine' | 'theirs'>>>({});
  const clashes = clashesOf(before, mine, theirs);
  return (
    <div className={css.conflict}>
      <Note tone="warn" role="alert">
        <b>{words.conflictTitle(by ? nameOf(by).displayName : words.somebody)}</b>
        {at && (
          <>
            , <Day at={at} />
          </>
        )}
        . {words.conflictText}
      </Note>
      <Card>
        {clashes.map(({ field, mine: ours, theirs: other, before: old }) => (
          <fieldset key={field} className={css.clash}>
            <legend>{words.fields[field]}</legend>
            {ours === old ? (
              <p className="sm">
                <span className="t3">{words.theirs}:</span> {show(field, other) || words.empty}
              </p>
            ) : (
              (['mine', 'theirs'] as const).map((side) => (
                <Radio
                  key={side}
                  name={`clash-${field}`}
                  size="xs"
                  checked={(choice[field] ?? 'mine') === side}
                  onChange={() => setChoice({ ...choice, [field]: side })}
                  label={
                    <>
                      <span className="t3">{words[side]}:</span>{' '}
                      {show(field, side === 'mine' ? ours : other) || words.empty}
                    </>
                  }
                />
              ))
            )}
          </fieldset>
        ))}
      </Card>
      <div className={css.foot}>
        <Button variant="filled" loading={busy} onClick={() => onSave(merged(before, mine, theirs, choice))}>
          {words.saveChosen}
        </Button>
        <Button onClick={onDrop}>{words.takeAll}</Button>
      </div>
    </div>
  );
}
