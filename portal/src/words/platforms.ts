/** What an app is built on, as its makers write it. */
export const platforms: Readonly<Record<string, string>> = {
  n8n: 'n8n',
  'node-red': 'Node-RED',
  'power-automate': 'Power Automate',
  'logic-apps': 'Logic Apps',
  script: 'Script',
  python: 'Script',
  'open-workflow': 'Open workflow',
};

export const platformUnknown = 'Not said';

export const platformName = (platform: string): string =>
  platform ? (platforms[platform] ?? platform) : platformUnknown;
