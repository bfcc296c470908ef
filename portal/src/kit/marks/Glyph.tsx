/** Our own 13 px glyphs: one shape for each word, so that nothing hangs on colour. */
const shapes = {
  ok: (
    <>
      <circle cx="6.5" cy="6.5" r="6" fill="currentColor" />
      <path
        d="M3.9 6.7l1.8 1.8 3.4-3.7"
        stroke="var(--hr-surface)"
        strokeWidth="1.6"
        fill="none"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  half: (
    <>
      <circle cx="6.5" cy="6.5" r="5.3" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6.5 3.5v3l2 1.3" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  todo: <circle cx="6.5" cy="6.5" r="5.3" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  idea: (
    <circle cx="6.5" cy="6.5" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.2 1.75" />
  ),
  prototype: (
    <>
      <circle cx="6.5" cy="6.5" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M6.5 1.5a5 5 0 0 1 0 10z" fill="currentColor" />
    </>
  ),
  operating: <circle cx="6.5" cy="6.5" r="5.8" fill="currentColor" />,
  retired: (
    <>
      <circle cx="6.5" cy="6.5" r="5" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M3.5 6.5h6" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  public: (
    <rect x="1.3" y="1.3" width="10.4" height="10.4" rx="2.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
  ),
  internal: (
    <>
      <rect x="1.3" y="1.3" width="10.4" height="10.4" rx="2.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M1.3 8.6h10.4v.7a2.4 2.4 0 0 1-2.4 2.4H3.7a2.4 2.4 0 0 1-2.4-2.4z" fill="currentColor" />
    </>
  ),
  confidential: (
    <>
      <rect x="1.3" y="1.3" width="10.4" height="10.4" rx="2.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M1.3 5.4h10.4v3.9a2.4 2.4 0 0 1-2.4 2.4H3.7a2.4 2.4 0 0 1-2.4-2.4z" fill="currentColor" />
    </>
  ),
  restricted: <rect x=".8" y=".8" width="11.4" height="11.4" rx="2.8" fill="currentColor" />,
  blocker: (
    <>
      <path d="M4 .6h5L12.4 4v5L9 12.4H4L.6 9V4z" fill="currentColor" />
      <path d="M3.8 6.5h5.4" stroke="var(--hr-surface)" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  warning: (
    <>
      <path
        d="M6.5.9c.5 0 .9.25 1.15.7l4.7 8.6c.45.85-.1 1.9-1.1 1.9h-9.5c-1 0-1.55-1.05-1.1-1.9l4.7-8.6c.25-.45.65-.7 1.15-.7z"
        fill="currentColor"
      />
      <path d="M6.5 4.4v3.1M6.5 9.7v.1" stroke="var(--hr-surface)" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  note: (
    <>
      <circle cx="6.5" cy="6.5" r="5.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6.5 6.2v3M6.5 3.9V4" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
} as const;

export type GlyphName = keyof typeof shapes;

export function Glyph({ name, size = 13 }: { name: GlyphName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 13 13" aria-hidden="true" focusable="false">
      {shapes[name]}
    </svg>
  );
}
