export const palette = {
  adopt: 'Bring an existing flow',
  newApp: 'New app',
  apps: 'Apps',
  go: 'Go to',
  nothing: 'Nothing of that name',
  placeholder: 'An app, a page, something to do',
};
