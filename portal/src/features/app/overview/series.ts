import type { AppPointView, MoneyView, OperationCallsView } from '@/api';

/** What a window of calls comes to. */
export interface Totals {
  calls: number;
  answered: number;
  refused: number;
  failed: number;
  /** Steps of which nothing is known. */
  unknown: number;
}

export function totalsOf(points: readonly AppPointView[]): Totals {
  const total = { calls: 0, answered: 0, refused: 0, failed: 0, unknown: 0 };
  for (const point of points) {
    total.calls += point.calls;
    total.answered += point.answered;
    total.refused += refusedOf(point);
    total.failed += point.errors;
    if (!isKnown(point)) total.unknown += 1;
  }
  return total;
}

/** A step with calls is drawn even where there may have been more, as in the hour that is not over. */
export const isKnown = (point: AppPointView): boolean => point.known || point.calls > 0;

/** Calls that policy or a limit turned away. */
export const refusedOf = (point: { refused: number; limited: number }): number => point.refused + point.limited;

/** The step that stands out: at least a twentieth of its calls and three of them; undefined where none does. */
export function exceptionOf(
  points: readonly AppPointView[],
  of: (point: AppPointView) => number,
): { index: number; value: number } | undefined {
  let found: { index: number; value: number } | undefined;
  points.forEach((point, index) => {
    const value = of(point);
    if (value >= 3 && value * 20 >= point.calls && value > (found?.value ?? 0)) found = { index, value };
  });
  return found;
}

/** Five labels along the bottom, from the first step to the last. */
export function axisOf(points: readonly { at: string }[], format: (at: string) => string): string[] {
  if (points.length < 5) return points.map((point) => format(point.at));
  return [0, 1, 2, 3, 4].map((part) => format(points[Math.round((part * (points.length - 1)) / 4)]?.at ?? ''));
}

export interface CostPart {
  name: string;
  micros: number;
}

/** What operations cost, by currency: the whole, and the largest parts with the rest as one. */
export function costsOf(
  items: readonly OperationCallsView[],
  rest: string,
  shown = 3,
): { total: MoneyView; parts: CostPart[] }[] {
  const byCurrency = new Map<string, Map<string, number>>();
  for (const item of items)
    for (const { currency, micros } of item.cost) {
      if (micros === 0) continue;
      const parts = byCurrency.get(currency) ?? new Map<string, number>();
      const name = `${item.connection} ${item.operation}`;
      byCurrency.set(currency, parts.set(name, (parts.get(name) ?? 0) + micros));
    }
  return [...byCurrency].map(([currency, found]) => {
    const parts = [...found].map(([name, micros]) => ({ name, micros })).toSorted((a, b) => b.micros - a.micros);
    const sum = (of: readonly CostPart[]) => of.reduce((whole, part) => whole + part.micros, 0);
    const more = parts.slice(shown);
    return {
      total: { currency, micros: sum(parts) },
      parts: more.length > 1 ? [...parts.slice(0, shown), { name: rest, micros: sum(more) }] : parts,
    };
  });
}
