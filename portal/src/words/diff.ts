import { count } from '@/kit/format';

export const diff = {
  before: 'Line before',
  after: 'Line after',
  line: 'Text',
  added: 'added: ',
  removed: 'taken away: ',
  skipped: (lines: number) => (lines === 1 ? 'One line stays as it is' : `${count(lines, 'line')} stay as they are`),
  nothing: 'Nothing changes.',
};
