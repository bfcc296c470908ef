import { initials } from '@/kit/format';
import { useNames } from '@/session/names';
import { marks as words } from '@/words/marks';
import css from './marks.module.css';

export function Avatar({ name, gone = false }: { name: string; gone?: boolean }) {
  return (
    <span className={css.av} data-gone={gone || undefined} aria-hidden="true">
      {gone && !name ? '?' : initials(name)}
    </span>
  );
}

/** A person by their sign-in name; shows how they are called. */
export function Who({ name, part }: { name: string; part?: string }) {
  const { displayName, active } = useNames()(name);
  return (
    <span className={css.who}>
      <Avatar name={displayName} gone={!active} />
      <span>
        {displayName}
        {part && <span className="t3"> {part}</span>}
        {!active && <span className="c-bad"> {words.left}</span>}
      </span>
    </span>
  );
}
