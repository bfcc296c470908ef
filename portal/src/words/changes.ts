export const changes = {
  none: 'Nothing differs.',
  widens: 'It may do more than before',
  narrows: 'It may do less than before',
};
