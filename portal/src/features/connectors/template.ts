/** What an empty editor starts with: every line that is required, and the usual others. */
export const templates = {
  connector: `apiVersion: handrail.dev/v1
kind: Connector
metadata:
  name: tickets
spec:
  version: 1.0.0
  title: Tickets
  dataClasses: [internal]
  credential:
    kind: bearer
  limits:
    callsPerMinute: 120
  operations:
    - name: tickets.list
      title: List tickets
      method: GET
      path: /tickets
`,
  connection: `apiVersion: handrail.dev/v1
kind: Connection
metadata:
  name: tickets
spec:
  connector: tickets
  version: 1.0.0
  environment: production
  upstream: https://tickets.example.com/api
  credential: tickets-bot
`,
} as const;

export interface Mistake {
  line: number;
  place: string;
  text: string;
}

/** Mistakes of a manifest in the order of its lines; line 0 where the place names none. */
export function mistakesOf(problem: {
  place: string;
  detail: string;
  fix: string;
  problems: readonly { place: string; detail: string; fix?: string }[];
}): Mistake[] {
  const listed = problem.problems.length > 0 ? problem.problems : [problem];
  return listed
    .map(({ place, detail, fix }) => ({
      line: Number(/:(\d+):\d+$/.exec(place)?.[1] ?? 0),
      place,
      text: `${detail} ${fix ?? ''}`.trim(),
    }))
    .toSorted((a, b) => a.line - b.line);
}

/** Where a line begins and ends in a text, to select it. */
export function lineIn(text: string, line: number): [number, number] {
  const lines = text.split('\n');
  const start = lines.slice(0, Math.max(0, line - 1)).reduce((sum, each) => sum + each.length + 1, 0);
  return [start, start + (lines[line - 1]?.length ?? 0)];
}
