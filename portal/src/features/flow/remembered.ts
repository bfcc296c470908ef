/** What this browser keeps of how somebody looks at flows; a browser that keeps nothing is fine. */
const VIEW = 'handrail.flow.view';
const viewportKey = (digest: string) => `handrail.flow.at.${digest}`;

export type View = 'drawing' | 'steps';

/** The view chosen last, else what the window has room for. */
export function rememberedView(): View {
  try {
    const kept = localStorage.getItem(VIEW);
    if (kept === 'drawing' || kept === 'steps') return kept;
  } catch {
    // Storage may be forbidden.
  }
  return window.matchMedia('(max-width: 720px)').matches ? 'steps' : 'drawing';
}

export function rememberView(view: View): void {
  try {
    localStorage.setItem(VIEW, view);
  } catch {
    // As above.
  }
}

export interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

export function rememberedViewport(digest: string): Viewport | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(viewportKey(digest)) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    const { x, y, zoom } = kept as Record<string, unknown>;
    if (![x, y, zoom].every((each) => typeof each === 'number' && Number.isFinite(each))) return null;
    return { x: x as number, y: y as number, zoom: zoom as number };
  } catch {
    return null;
  }
}

export function rememberViewport(digest: string, { x, y, zoom }: Viewport): void {
  try {
    sessionStorage.setItem(viewportKey(digest), JSON.stringify({ x, y, zoom }));
  } catch {
    // As above.
  }
}
