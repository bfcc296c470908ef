import { count, list } from '@/kit/format';
import type { StepKind } from './graph';

const kinds: Record<StepKind, string> = {
  trigger: 'Starts the flow',
  action: 'Uses a system',
  logic: 'Decides or changes data',
  code: 'Runs code',
  http: 'Calls an address',
  llm: 'Asks a language model',
  subnode: 'Is part of another step',
  subflow: 'Runs another flow',
  comment: 'Note by the builder',
  config: 'Shared settings',
};

const subNodes: Record<string, string> = {
  ai_languageModel: 'model',
  ai_memory: 'memory',
  ai_tool: 'tool',
  ai_outputParser: 'parser',
  ai_embedding: 'embedding',
  ai_document: 'document',
  ai_textSplitter: 'splitter',
  ai_vectorStore: 'store',
  ai_retriever: 'retriever',
  ai_reranker: 'reranker',
  ai_agent: 'agent',
};

const failures: Record<string, string> = {
  continue: 'Goes on as if nothing had happened',
  'error-output': 'Goes on by the way “error”',
  retry: 'Tries again',
};

export const flow = {
  what: 'this flow',
  whatPlaces: 'where the steps are drawn',
  placesFix: 'The list of steps is complete.',
  label: (steps: number) => `Flow, ${count(steps, 'step')}`,
  views: { drawing: 'Drawing', steps: 'Steps' },
  heading: 'The flow, drawn and step by step',
  viewLabel: 'How the flow is shown',
  flags: { added: 'New', changed: 'Changed', removed: 'Removed' },
  severities: { blocker: 'Blocker', warning: 'Warning', note: 'Note' },
  off: 'Off',
  enters: (what: string) => `${what} enters`,
  leaves: (what: string) => `${what} leaves`,
  passes: (what: string) => `${what} passes`,
  cutHere: 'Cut here',
  start: 'Start',
  kinds,
  ports: {
    if: ['true', 'false'],
    compare: ['only in A', 'same', 'different', 'only in B'],
    error: 'error',
    status: 'status',
    complete: 'complete',
  },
  subNode: (kind: string) => subNodes[kind] ?? kind.replace(/^ai_/, ''),
  failure: (policy: string) =>
    policy
      ? policy
          .split('+')
          .map((each) => failures[each] ?? each)
          .join('. ')
      : 'Stops (the builder’s default)',
  tab: (number: number, first: string) => `Flow ${number}${first ? `, from “${first}”` : ''}`,
  subflowTitle: (name: string) => `Sub-flow “${name}”`,
  reached: (ways: readonly { from: string; label: string }[]) =>
    ways.length === 0
      ? ''
      : ways.length > 3
        ? `From ${count(ways.length, 'way')}`
        : `From ${list(ways.map((way) => `“${way.label}” of ${way.from}`))}`,
  keys: 'Arrows go to the next step, Enter opens it. Ctrl and wheel zoom',
  keysMove: 'Arrows go to the next step, Enter opens it, Shift and arrows move it. Ctrl and wheel zoom',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Show all',
  tidy: 'Tidy up',
  undo: 'Undo the last move',
  legend: {
    title: 'Legend',
    marked: 'New or changed',
    jump: 'Jumps to, or runs, another part',
    sub: 'Belongs to the step above',
    both: 'Belongs to another step, or jumps to one',
    leak: 'Way of the leak',
    cut: 'Where to cut it',
    carries: 'Data that leaves the step',
    off: 'Switched off',
    fails: 'Goes on by itself after a failure',
  },
  moved: (name: string) => `“${name}” is moved, for everybody`,
  movedMany: (steps: number) => `${count(steps, 'step')} moved, for everybody`,
  tidied: 'Every step is back in its computed place',
  back: 'As it was before',
  theirs: (who: string) => `${who} moved steps meanwhile. You see theirs now`,
  somebody: 'Somebody',
  newer: (who: string) => `${who} moved steps.`,
  showNewer: 'Show',
  notStored: (why: string) => `The move was not stored. ${why}`,
  details: {
    title: 'Step',
    close: 'Close',
    does: 'What it does',
    system: 'System',
    connection: 'Connection',
    throughHub: 'through the hub',
    operation: 'Operation',
    type: 'Type',
    address: 'Address',
    hosts: 'Hosts',
    hostsUnknown: 'Decided when it runs',
    credentials: 'Credentials',
    failure: 'On failure',
    off: 'Switched off in the builder: the platform skips it',
    listens: 'Hears of every step in its flow',
    runs: 'Runs',
    runsHere: 'in this file',
    runsAway: 'not in this file: we cannot see what it does',
    from: 'Comes from',
    to: 'Leads to',
    hangs: 'Belongs to',
    has: 'Has below it',
    source: 'In the source',
    changes: 'What changed',
    findings: 'Findings',
    none: 'Choose a step to read what it does.',
    inside: 'Lies in',
    removed: 'This step was removed. The version before still has it.',
  },
  removedTitle: 'Removed',
  settingsTitle: 'Settings that steps share',
  notesTitle: 'Notes by the builder',
  subflowsTitle: 'Other flows that it calls',
  unknownTitle: (parts: number) => `We cannot see ${count(parts, 'thing')}`,
  unknownMore: (rest: number) => `${count(rest, 'more thing')}`,
  unknownLess: 'Fewer',
  empty: 'No steps to draw',
  emptyWhy: 'This version is not a flow of steps. A drawing appears with the first export of a flow.',
};
