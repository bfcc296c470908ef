import { useNavigate, useSearch } from '@tanstack/react-router';

type Texts = Readonly<Record<string, string | undefined>>;

/** What the address says beside the path, and a function that changes some of it; an empty text leaves the key out. */
export function useAddress(): [Texts, (changes: Texts) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const texts = Object.fromEntries(
    Object.entries(search).map(([key, value]) => [key, Array.isArray(value) ? String(value[0]) : String(value)]),
  );
  const change = (changes: Texts) =>
    void navigate({ to: '.', search: { ...search, ...changes } as never, replace: true, resetScroll: false });
  return [texts, change];
}
