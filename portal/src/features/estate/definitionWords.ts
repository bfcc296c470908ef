import { count, list, number } from '@/kit/format';

export const definition = {
  what: 'this definition',
  estate: 'Estate',
  inventory: 'Inventory',
  title: (name: string, block: number, warn: number, leaks: number) => {
    if (leaks > 0) return `${name} lets data out in ${leaks === 1 ? 'one way' : count(leaks, 'way')}`;
    if (block > 0) return `${name} has ${count(block, 'blocker')}`;
    if (warn > 0) return `${name} has ${count(warn, 'thing')} to decide`;
    return `${name}: nothing speaks against it`;
  },
  steps: (n: number) => count(n, 'step'),
  holds: (n: number) => `holds ${count(n, 'credential')} of its own`,
  gone: 'No longer there when its source was read last.',
  openApp: (name: string) => `Open ${name}`,
  flow: 'What it does',
  leakChoice: 'Which leak is lit',
  leakOf: (what: string, destination: string, step: string) =>
    `${what.charAt(0).toUpperCase()}${what.slice(1)}${destination ? ` to ${destination}` : ''}, by “${step}”`,
  unlit: 'None lit',
  fix: {
    title: (n: number) => (n === 1 ? 'The change' : `${number(n)} changes`),
    what: 'this change',
    ends: (n: number) => `It ends ${count(n, 'finding')}.`,
    endsNone: 'It ends none of the chosen findings.',
    kept: (n: number) => `${count(n, 'chosen finding')} stay${n === 1 ? 's' : ''}.`,
    remaining: (block: number, warn: number, note: number) =>
      block + warn + note === 0
        ? 'Nothing is left after it.'
        : `Left after it: ${list(
            [
              block > 0 ? count(block, 'blocker') : '',
              warn > 0 ? count(warn, 'warning') : '',
              note > 0 ? count(note, 'note') : '',
            ].filter(Boolean),
          )}.`,
    diff: 'The change of the file, line by line',
    download: 'Download the mended file',
    downloaded: (name: string) => `${name} is saved`,
    how: 'Import it where the flow lives. Secrets in it are placeholders: put them into the builder’s own credentials.',
    close: 'Leave',
  },
  neighbours: {
    title: 'Works with',
    upstream: 'It reads what these write',
    dependants: 'These read what it writes',
    through: 'through',
    more: (n: number) => `and ${number(n)} more`,
  },
  register: {
    button: 'Register',
    title: (name: string) => `Register ${name}`,
    lead: 'Filled in from what was read. It becomes version 1, a draft; nothing runs differently.',
    confirm: (name: string) => (name ? `Register ${name}` : 'Register the app'),
    cancel: 'Leave',
    done: (name: string) => `${name} is registered`,
    questions: 'Only people know',
  },
};
