export const again = {
  title: 'Your session has ended',
  text: 'Everything on this page is still here. Sign in, and what you just did goes on.',
  confirmTitle: 'Confirm that it is you',
  confirmText: 'This act needs a fresh password: you signed in more than half an hour ago.',
  password: (name: string) => `Password of ${name}`,
  signIn: 'Sign in and go on',
  confirm: 'Confirm and go on',
  leave: 'Not now',
};
