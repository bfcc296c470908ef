import { Checkbox } from '@mantine/core';
import { Glyph } from '@/kit/marks/Glyph';
import { marks } from '@/words/marks';
import css from './adopt.module.css';
import { LEVELS, TAGS, withLevel } from './manifest';
import { words } from './words';

/** The highest level of data that an app handles, and what is special about it. */
export function DataField({ value, onChange }: { value: readonly string[]; onChange: (value: string[]) => void }) {
  return (
    <fieldset className={css.group}>
      <legend>{words.ask.data}</legend>
      <p className="xs t3">{words.ask.dataHelp}</p>
      <div className={css.levels}>
        {LEVELS.map((level) => (
          <button
            key={level}
            type="button"
            className={css.choice}
            aria-pressed={value.includes(level)}
            onClick={() => onChange(withLevel(value, level))}
          >
            <Glyph name={level} />
            {marks.dataClass[level]}
          </button>
        ))}
      </div>
      <div className={css.levels} role="group" aria-label={words.ask.tags} style={{ gap: 16, marginTop: 12 }}>
        {TAGS.map((tag) => (
          <Checkbox
            key={tag}
            label={words.ask.tag[tag]}
            checked={value.includes(tag)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...value, tag] : value.filter((each) => each !== tag))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
