export const states = {
  neverMeasured: 'Never measured',
  cannotRead: (what: string) => `We can’t read ${what}`,
  tryAgain: 'Try again',
  copied: 'Copied',
  loading: 'Loading',
  at: 'at',
  unreachable: 'Handrail does not answer.',
  unreachableFix: 'Calls of apps go on as usual. We keep trying.',
};
