import { useQuery } from '@tanstack/react-query';
import type { ChangeView } from '@/api';
import { diffVersionOptions, readVersionOptions } from '@/api/@tanstack/react-query.gen';
import { Empty, Loaded } from '@/kit/states/States';
import { FlowCard } from './FlowCard';
import type { FlowFinding } from './Details';
import type { Lit } from './lit';
import { flow as words } from './words';

/** What a step is, compared with another version. */
export type StepMark = 'added' | 'changed' | 'removed';

export interface FlowProps {
  app: string;
  /** A version's number or digest. */
  which: string;
  environment: string;
  /** Steps to mark, by id. */
  marks?: ReadonlyMap<string, StepMark>;
  /** What changed, in words, for the marks and the details. */
  changes?: readonly ChangeView[];
  /** Another version of the same environment to compare with: marks, changes and removed steps come from there. */
  against?: string;
  findings?: readonly FlowFinding[];
  /** The chosen step; without it the drawing keeps its own. */
  focus?: string | null;
  onFocus?: (id: string | null) => void;
  /** What the card says at its top; without it there is a title for listeners only. */
  title?: string;
  /** A leak's way to light up. */
  lit?: Lit | null;
  /** Whether places may be changed here; stored for everybody. */
  editable?: boolean;
}

/** A version's flow: drawn, and as a list of steps beside it. */
export function Flow({ app, which, environment, against, changes, ...rest }: FlowProps) {
  const address = (version: string) => ({ path: { name: app, which: version }, query: { environment } });
  const version = useQuery(readVersionOptions(address(which)));
  const before = useQuery({ ...readVersionOptions(address(against ?? '')), enabled: against !== undefined });
  const compared = useQuery({
    ...diffVersionOptions({ ...address(which), query: { environment, against: against ?? '' } }),
    enabled: against !== undefined && changes === undefined,
  });
  return (
    <Loaded query={version} what={words.what} lines={6}>
      {(data) =>
        Array.isArray(data.graph['steps']) && data.graph['steps'].length > 0 ? (
          <FlowCard
            // Another version is another drawing, with its own moves and view.
            key={data.digest}
            {...rest}
            where={{ app, which: data.digest, environment }}
            given={data.graph}
            before={before.data?.graph ?? null}
            changes={changes ?? compared.data?.items ?? []}
          />
        ) : (
          <Empty title={words.empty}>{words.emptyWhy}</Empty>
        )
      }
    </Loaded>
  );
}
