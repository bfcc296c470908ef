import type { ChangeView } from '@/api';
import { plain } from './graph';
import type { StepMark } from './Flow';

/** Return what each step is, from the differences between two versions. */
export function marksOf(changes: readonly ChangeView[]): ReadonlyMap<string, StepMark> {
  const marks = new Map<string, StepMark>();
  for (const change of changes) {
    if (!change.step) continue;
    if (change.kind === 'step_added') marks.set(change.step, 'added');
    else if (change.kind === 'step_removed') marks.set(change.step, 'removed');
    else if (!marks.has(change.step)) marks.set(change.step, 'changed');
  }
  return marks;
}

/** Return the sentences about each step. */
export function changesByStep(changes: readonly ChangeView[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const change of changes) {
    if (!change.step) continue;
    const held = found.get(change.step);
    if (held) held.push(plain(change.text));
    else found.set(change.step, [plain(change.text)]);
  }
  return found;
}
