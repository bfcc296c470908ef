export const toasts = { undo: 'Undo', close: 'Close this message' };
