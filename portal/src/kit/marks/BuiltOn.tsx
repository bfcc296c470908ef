import { IconAsterisk, IconCloud, IconCode, IconGitFork, IconPuzzle, IconRoute, IconTable } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { platformName, platformUnknown } from '@/words/platforms';
import { Status } from './Marks';

type Icon = ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;

const icons: Readonly<Record<string, Icon>> = {
  n8n: IconAsterisk,
  'node-red': IconGitFork,
  'power-automate': IconTable,
  'logic-apps': IconCloud,
  script: IconCode,
  'open-workflow': IconRoute,
};

/** What an app is built on. */
export function BuiltOn({ platform }: { platform: string }) {
  if (!platform) return <span className="t3">{platformUnknown}</span>;
  const Shape = icons[platform] ?? IconPuzzle;
  return (
    <Status tone="mute" icon={<Shape size={14} stroke={1.75} aria-hidden />}>
      {platformName(platform)}
    </Status>
  );
}
