import type { LeakRowView, LeakView } from '@/api';
import { plain } from '@/features/flow/graph';
import type { Stop } from '@/kit/path/stops';
import { destinationOf, leakKey } from '@/features/findings/read';
import type { OwnLeak } from '@/features/findings/model';
import type { LeakRow } from './model';
import { words } from './words';

/** A leak as a list shows it. */
export function rowOf(view: LeakRowView): LeakRow {
  const stops: Stop[] = view.stops.map(({ label, detail, kind }) => ({
    label: plain(label, 120),
    detail: plain(detail, 120),
    kind: `${detail} ${kind}`.toLowerCase(),
  }));
  const last = stops.at(-1);
  // Where it leaves to is the fact; which step does it is the detail.
  if (last && view.destination && !view.across)
    stops[stops.length - 1] = { ...last, label: destinationOf(view.destination), detail: last.label };
  return {
    key: leakKey(view.stops[0]?.step ?? '', view.stops.at(-1)?.step ?? '', view.tag),
    title: plain(
      view.destination && view.title.endsWith(` ${view.destination}`)
        ? view.title.slice(0, -view.destination.length) + destinationOf(view.destination)
        : view.title,
      200,
    ),
    dataClass: view.dataClass,
    certainty: [words.certainty[view.certainty], view.across ? words.leaks.across : ''].filter(Boolean).join(', '),
    stops,
    cut: plain(view.cut),
    definition: view.definition.id,
    name: plain(view.definition.name, 120),
  };
}

/** A leak as its definition's page lights it. */
export const ownLeakOf = (view: LeakView): OwnLeak => ({
  key: leakKey(view.source, view.sink, view.label.tag),
  tag: plain(view.label.tag, 20),
  what: plain(view.label.what, 120),
  dataClass: view.label.dataClass,
  destination: destinationOf(view.destination),
  why: plain(view.why),
  implicit: view.implicit,
  path: view.path,
  cut: view.cut && { step: view.cut.step, before: view.cut.before, text: plain(view.cut.text) },
});
