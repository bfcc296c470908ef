import { IconX } from '@tabler/icons-react';
import css from './list.module.css';

interface Props {
  /** What is on, and how to go on without it. */
  chips: readonly { label: string; remove: () => void }[];
  words: { active: string; remove: (label: string) => string; clear: string };
  onClear: () => void;
}

/** Filters that are on; each goes with a click. */
export function ChipList({ chips, words, onClear }: Props) {
  if (chips.length === 0) return null;
  return (
    <ul className={`${css.chips} no-print`} aria-label={words.active}>
      {chips.map((chip) => (
        <li key={chip.label}>
          <button type="button" aria-label={words.remove(chip.label)} onClick={chip.remove}>
            {chip.label}
            <IconX size={12} stroke={2} aria-hidden />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={`lk ${css.plain}`} onClick={onClear}>
          {words.clear}
        </button>
      </li>
    </ul>
  );
}
