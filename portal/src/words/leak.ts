import { count } from '@/kit/format';

export const leak = {
  rail: (stops: number) => `Way of the leak, ${count(stops, 'stop')}`,
  between: (stops: number) => `${count(stops, 'step')} between`,
};
