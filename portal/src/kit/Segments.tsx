import css from './segments.module.css';

export interface Segment {
  value: string;
  label: string;
}

/** One of a few, all in view: a window of time, an environment. */
export function Segments({
  label,
  items,
  value,
  onChange,
}: {
  label: string;
  items: readonly Segment[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <div className={css.segments} role="group" aria-label={label}>
      {items.map((item) => (
        <button key={item.value} type="button" aria-pressed={item.value === value} onClick={() => onChange(item.value)}>
          {item.label}
        </button>
      ))}
    </div>
  );
}
