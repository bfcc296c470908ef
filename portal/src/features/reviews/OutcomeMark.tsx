import { IconCircleX, IconEye, IconPencil, IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Status, type Tone } from '@/kit/marks/Marks';
import { outcomes } from './words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
const marks: Record<string, [Tone, ReactNode]> = {
  open: ['acc', <IconEye key="i" {...ICON} />],
  approved: ['ok', <IconShieldCheck key="i" {...ICON} />],
  refused: ['bad', <IconCircleX key="i" {...ICON} />],
  withdrawn: ['mute', <IconPencil key="i" {...ICON} />],
};

/** How a review ended. */
export function OutcomeMark({ outcome }: { outcome: string }) {
  const [tone, icon] = marks[outcome] ?? ['mute', null];
  return (
    <Status tone={tone} icon={icon}>
      {outcomes[outcome] ?? outcome}
    </Status>
  );
}
