import { inWords } from '@/kit/format';

export const words = {
  name: 'First steps',
  title: (name: string) => `Let’s find out what runs${name ? ` at ${name}` : ''}`,
  titleDone: 'Handrail is set up',
  lead: 'Each step ticks itself when it is true, so you can do them in any order, or leave and come back.',
  leadDone: 'Every step is true. What needs you from here on stands on Home.',
  left: (n: number, all: number) => (n === 0 ? `All ${all} are done` : `${inWords(n)} of ${all} to do`),
  later: 'Go to Home',
  open: 'Do this now',
  failed: 'the first steps',
  steps: {
    runs: { title: 'Handrail runs', done: 'The portal and its database answer.', lead: '' },
    admin: { title: 'There is an admin', done: 'Somebody manages people, credentials and hubs.', lead: '' },
    second_person: {
      title: 'Invite a second person',
      lead: 'Nobody approves their own change, admins included. A steward can review for all teams.',
      done: 'Somebody else can review what you bring.',
    },
    connection: {
      title: 'Put one connection on the hub',
      lead: 'So that an app works without a key of its own: the hub holds it, and lets through what was approved.',
      done: 'Apps can call through the hub.',
    },
    app: {
      title: 'Bring an app',
      lead: 'An export from n8n or Node-RED; it becomes a draft, and nothing runs differently.',
      done: 'There is something to review.',
    },
    approved_call: {
      title: 'See the first approved call',
      lead: 'After a review, the app signs in with a client of its own and calls the connection at the hub.',
      done: 'An approved app called through the hub.',
    },
  },
  connect: 'Go to connectors',
  adopt: 'Bring an existing flow',
  idea: 'Register an idea',
  call: {
    review: 'Let somebody else approve a version. It waits on the page Reviews.',
    reviews: 'Go to reviews',
    client: 'Make a client on the app’s page, and put its id and secret in place of CLIENT and SECRET.',
    catalog: 'Go to the catalog',
    token: 'Get a token. It lasts some minutes.',
    tokenLabel: 'Command that gets a token',
    go: (name: string) => `Call ${name} with it. This page ticks the step within a minute.`,
    goLabel: 'Command that calls the connection',
    noConnection: 'The address of the call stands here once there is a connection.',
  },
};
