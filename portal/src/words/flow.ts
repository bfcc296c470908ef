import type { FlowState } from '@/kit/flow';

/** How a connection does. */
export const flow = {
  failing: 'Failing',
  troubled: 'Some fail',
  refused: 'Mostly refused',
  limited: 'Held back by limits',
  flowing: 'Flowing',
  silent: 'Silent',
} satisfies Record<FlowState, string>;
