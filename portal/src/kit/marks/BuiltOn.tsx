import {
  IconBrandWindows,
  IconCloud,
  IconCode,
  IconGitFork,
  IconPuzzle,
  IconRoute,
  IconTopologyStar3,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { platformName, platformUnknown } from '@/words/platforms';
import { Status } from './Marks';

type Icon = ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;

const icons: Readonly<Record<string, Icon>> = {
  n8n: IconTopologyStar3,
  'node-red': IconGitFork,
  'power-automate': IconBrandWindows,
  'logic-apps': IconCloud,
  script: IconCode,
  python: IconCode,
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
