import {
  IconAddressBook,
  IconAdjustments,
  IconArrowsSplit2,
  IconBraces,
  IconBrandGithub,
  IconBrandGitlab,
  IconBrandNotion,
  IconBrandSlack,
  IconBrandTeams,
  IconBrandTelegram,
  IconBuildingBank,
  IconCalendar,
  IconCalendarClock,
  IconClock,
  IconCode,
  IconCreditCard,
  IconDatabase,
  IconFile,
  IconFilter,
  IconForms,
  IconHandClick,
  IconMail,
  IconMessage,
  IconPlayerPlay,
  IconPlug,
  IconRepeat,
  IconRobot,
  IconRoute2,
  IconSparkles,
  IconTable,
  IconTicket,
  IconWebhook,
  IconWorld,
  type Icon,
} from '@tabler/icons-react';
import { createElement } from 'react';
import { type FlowStep, type StepKind, shortType } from './graph';

/** Icons by what a system or a node type is called; the first that fits. */
const BY_NAME: readonly (readonly [RegExp, Icon])[] = [
  [/slack/, IconBrandSlack],
  [/teams/, IconBrandTeams],
  [/telegram/, IconBrandTelegram],
  [/notion/, IconBrandNotion],
  [/github/, IconBrandGithub],
  [/gitlab/, IconBrandGitlab],
  [/mail|outlook|smtp|imap|postmark|sendgrid/, IconMail],
  [/sheet|excel|airtable|baserow|csv|spreadsheet/, IconTable],
  [/calendar/, IconCalendar],
  [/sql|postgres|mongo|redis|database|influx|snowflake|bigquery|vector|netsuite/, IconDatabase],
  [/open-?ai|anthropic|gemini|ollama|mistral|lm-?chat|chain|embedding/, IconSparkles],
  [/agent|assistant/, IconRobot],
  [/stripe|paypal|invoice|payment|quickbooks|xero/, IconCreditCard],
  [/drive|file|dropbox|s3|storage|ftp|sharepoint|box$/, IconFile],
  [/chat|discord|sms|twilio|whatsapp|mattermost|message/, IconMessage],
  [/webhook|http in|http response|mqtt in/, IconWebhook],
  [/schedule|cron|interval|inject/, IconCalendarClock],
  [/ledger|bank|accounting/, IconBuildingBank],
  [/crm|salesforce|hubspot|pipedrive/, IconAddressBook],
  [/ticket|helpdesk|zendesk|jira|support/, IconTicket],
  [/form/, IconForms],
  [/manual/, IconHandClick],
  [/wait|delay/, IconClock],
  [/^if$|switch|merge|compare|join/, IconArrowsSplit2],
  [/batch|loop|split/, IconRepeat],
  [/filter|limit|duplicates/, IconFilter],
  [/^set$|change|template|json|html|xml|editfields/, IconBraces],
];

const BY_KIND: Record<StepKind, Icon> = {
  trigger: IconPlayerPlay,
  action: IconPlug,
  logic: IconArrowsSplit2,
  code: IconCode,
  http: IconWorld,
  llm: IconSparkles,
  subnode: IconPlug,
  subflow: IconRoute2,
  comment: IconMessage,
  config: IconAdjustments,
};

/** The icon of a step: of its system, else of its type, else of its kind. */
function iconOf(step: FlowStep): Icon {
  if (!step.connector && (step.kind === 'http' || step.kind === 'code' || step.kind === 'subflow'))
    return BY_KIND[step.kind];
  const name = (step.connector || shortType(step.type)).toLowerCase();
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? BY_KIND[step.kind];
}

/** A step's icon, always beside its system in words. */
export function StepIcon({ step, size }: { step: FlowStep; size: number }) {
  return createElement(iconOf(step), { size, stroke: 1.75, 'aria-hidden': true });
}

const AS_WRITTEN: Record<string, string> = {
  github: 'GitHub',
  gitlab: 'GitLab',
  openai: 'OpenAI',
  hubspot: 'HubSpot',
  mysql: 'MySQL',
  mongodb: 'MongoDB',
  postgres: 'PostgreSQL',
  paypal: 'PayPal',
  whatsapp: 'WhatsApp',
  netsuite: 'NetSuite',
  mqtt: 'MQTT',
  aws: 'AWS',
  smtp: 'SMTP',
  imap: 'IMAP',
  if: 'If',
};

/** `google-sheets` is written `Google Sheets`. */
export const titled = (name: string): string =>
  name
    .split('-')
    .map((part) => AS_WRITTEN[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
    .join(' ');

/** `executeWorkflowTrigger` is read `Execute workflow trigger`. */
export function spelled(type: string): string {
  const split = shortType(type)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return split.charAt(0).toUpperCase() + split.slice(1);
}

/** The second line of a step: the system, the host that it asks, else what kind of node it is. */
export function systemOf(step: FlowStep): string {
  if (step.connector) return titled(step.connector);
  if (step.kind === 'http' && step.hosts[0]) return step.hosts[0];
  return spelled(step.type);
}
