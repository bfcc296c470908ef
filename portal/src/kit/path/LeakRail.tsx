import {
  IconApi,
  IconArrowsSplit2,
  IconBraces,
  IconBrandSlack,
  IconCode,
  IconDatabase,
  IconFile,
  IconMail,
  IconPlayerPlay,
  IconPlug,
  IconRoute2,
  IconSparkles,
  IconTable,
  IconTopologyStar3,
  IconUsers,
  IconWorld,
  type Icon,
} from '@tabler/icons-react';
import { createElement } from 'react';
import { leak as words } from '@/words/leak';
import css from './path.module.css';
import { shortened, type Stop } from './stops';

/** Icons by what a stop is; the first that fits. */
const ICONS: readonly (readonly [RegExp, Icon])[] = [
  [/slack/, IconBrandSlack],
  [/mail|outlook|smtp|imap/, IconMail],
  [/sheet|excel|airtable|table|csv/, IconTable],
  [/llm|open-?ai|model|anthropic|gemini|sparkles/, IconSparkles],
  [/people|guests|channel|teams|telegram|chat/, IconUsers],
  [/sql|database|store|crm|salesforce|hubspot|source/, IconDatabase],
  [/file|drive|s3|blob|sharepoint/, IconFile],
  [/code|script|python/, IconCode],
  [/flow|app|n8n|node-red/, IconTopologyStar3],
  [/webhook|endpoint|api/, IconApi],
  [/http|host|world|outside|sink/, IconWorld],
  [/trigger/, IconPlayerPlay],
  [/subflow/, IconRoute2],
  [/logic/, IconArrowsSplit2],
  [/set|data/, IconBraces],
];

const iconOf = (kind: string): Icon => ICONS.find(([pattern]) => pattern.test(kind))?.[1] ?? IconPlug;

/** A leak as a rail of stops: where the data comes from, what it passes, where it leaves. */
export function LeakRail({ stops }: { stops: readonly Stop[] }) {
  const shown = shortened(stops);
  return (
    <ol className={css.rail} aria-label={words.rail(stops.length)}>
      {shown.map((stop, index) => (
        <li
          // The same step may be passed twice.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          data-end={index === 0 || index === shown.length - 1 || undefined}
          data-left={stop.left || undefined}
        >
          <span className={css.icon} aria-hidden="true">
            {stop.left ? `+${stop.left}` : createElement(iconOf(stop.kind), { size: 14, stroke: 1.75 })}
          </span>
          <b title={stop.label}>{stop.left ? words.between(stop.left) : stop.label}</b>
          {stop.detail && (
            <span className={`xs t3 ${css.detail}`} title={stop.detail}>
              {stop.detail}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
