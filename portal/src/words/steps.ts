export const steps = { done: 'Done:', now: 'Now:', next: 'Later:' };
