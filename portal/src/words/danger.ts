export const danger = { reasonMissing: 'Say why: the reason is kept, and others read it.' };
