export const gate = { you: 'who you are' };
