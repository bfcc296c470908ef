import { count, number } from '@/kit/format';

export const findings = {
  title: 'Findings',
  none: 'Nothing was found',
  noneText: 'Every rule that this release knows was asked.',
  counts: (block: number, warn: number, note: number) =>
    [
      block > 0 ? count(block, 'blocker') : '',
      warn > 0 ? count(warn, 'warning') : '',
      note > 0 ? count(note, 'note') : '',
    ]
      .filter(Boolean)
      .join(', '),
  severity: { block: 'Blocker', warn: 'Warning', note: 'Note' },
  whole: 'The whole flow',
  at: 'Where',
  line: (line: number) => `line ${number(line)}`,
  why: 'Why',
  evidence: 'Evidence',
  rule: 'Rule',
  fix: 'What ends it',
  step: (name: string) => `In “${name}”`,
  preview: 'Preview the change',
  byHand: 'A person has to decide this one.',
  checked: 'Tried on this file: the finding goes, nothing new comes.',
  unchecked: 'Not tried yet.',
  mendAll: (n: number) => `Preview ${n === 1 ? 'the fix' : `all ${number(n)} fixes`}`,
  path: 'The way, step by step',
  cut: 'Cut',
  enters: 'enters here',
  leaves: 'leaves here',
  ruleLabel: (rule: string) => `About the rule ${rule}`,
  register: 'Register',
  /** Risks of the OWASP Citizen Development Top 10, in short. */
  risks: {
    'CD-SEC-01': 'blind trust',
    'CD-SEC-02': 'account impersonation',
    'CD-SEC-03': 'authorization misuse',
    'CD-SEC-04': 'sensitive data leakage',
    'CD-SEC-05': 'authentication and secure communication',
    'CD-SEC-06': 'untrusted components',
    'CD-SEC-07': 'security misconfiguration',
    'CD-SEC-08': 'injection',
    'CD-SEC-09': 'asset management',
    'CD-SEC-10': 'logging and monitoring',
  } as Readonly<Record<string, string>>,
  showLeak: (label: string, destination: string) => `${label} to ${destination}`,
  what: 'what the checks say',
};
