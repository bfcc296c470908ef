/** The words that stand beside marks, the same everywhere. */
export const marks = {
  stage: { idea: 'Idea', prototype: 'Prototype', operating: 'Operating', retired: 'Retired' },
  status: {
    draft: 'Draft',
    'in review': 'In review',
    approved: 'Approved',
    refused: 'Refused',
    superseded: 'Superseded',
    revoked: 'Revoked',
  },
  runs: {
    executed: 'Executed',
    observed: 'Observed',
    declared: 'Declared',
    drifted: 'Drifted',
    none: 'Not running',
  },
  railLabel: {
    executed: 'What runs is what was approved: we run it ourselves',
    observed: 'What runs is what was approved: we read it where it runs',
    declared: 'What runs is said to be what was approved: nobody can look',
    drifted: 'What runs is not what was approved',
    none: 'Nothing runs',
  },
  dataClass: { public: 'Public', internal: 'Internal', confidential: 'Confidential', restricted: 'Restricted' },
  dataClassUnknown: 'Not said',
  quarantined: 'Quarantined',
  left: 'left',
  copied: 'Copied',
  copy: 'Copy',
  copyDigest: (digest: string) => `Copy the whole digest of ${digest}`,
};
