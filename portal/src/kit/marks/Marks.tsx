import {
  IconBan,
  IconCircleX,
  IconEye,
  IconHandStop,
  IconPencil,
  IconShieldCheck,
  IconStack2,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { marks as words } from '@/words/marks';
import { Glyph, type GlyphName } from './Glyph';
import css from './marks.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'acc' | 'data' | 'mute' | 'ink';

/** A glyph and a word; the colour sits on the glyph, the word stays ink. */
export function Status({
  tone = 'ink',
  glyph,
  icon,
  children,
}: {
  tone?: Tone;
  glyph?: GlyphName;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span className={css.st}>
      <span className={`${css.icon} c-${tone}`}>{glyph ? <Glyph name={glyph} /> : icon}</span>
      {children}
    </span>
  );
}

const stageGlyphs = { idea: 'idea', prototype: 'prototype', operating: 'operating', retired: 'retired' } as const;

/** Stage of an app. */
export function Stage({ stage }: { stage: string }) {
  const glyph = stageGlyphs[stage as keyof typeof stageGlyphs] ?? 'todo';
  return (
    <Status tone={stage === 'idea' || stage === 'retired' ? 'mute' : 'ink'} glyph={glyph}>
      {words.stage[stage as keyof typeof words.stage] ?? stage}
    </Status>
  );
}

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;
const statusIcons: Record<string, [Tone, ReactNode]> = {
  draft: ['mute', <IconPencil key="draft" {...ICON} />],
  'in review': ['acc', <IconEye key="review" {...ICON} />],
  approved: ['ok', <IconShieldCheck key="approved" {...ICON} />],
  refused: ['bad', <IconCircleX key="refused" {...ICON} />],
  superseded: ['mute', <IconStack2 key="superseded" {...ICON} />],
  revoked: ['bad', <IconBan key="revoked" {...ICON} />],
};

/** Status of a version. */
export function VersionStatus({ status }: { status: string }) {
  const [tone, icon] = statusIcons[status] ?? ['mute', null];
  return (
    <Status tone={tone} icon={icon}>
      {words.status[status as keyof typeof words.status] ?? status}
    </Status>
  );
}

/** Highest data class that an app handles. */
export function DataClass({ level, tags = [] }: { level: string; tags?: readonly string[] }) {
  if (!level) return <span className="t3">{words.dataClassUnknown}</span>;
  return (
    <span className={css.st}>
      <Status tone="data" glyph={level as GlyphName}>
        {words.dataClass[level as keyof typeof words.dataClass] ?? level}
      </Status>
      {tags.length > 0 && <span className="t3 xs">{tags.join(', ')}</span>}
    </span>
  );
}

/** A hold: the only state that is boxed. */
export function Hold() {
  return (
    <span className={css.hold}>
      <IconHandStop size={12} stroke={1.75} aria-hidden />
      {words.quarantined}
    </span>
  );
}

/** A box that means: look here. */
export function Tag({
  tone,
  children,
}: {
  tone?: 'ok' | 'warn' | 'bad' | 'acc' | 'data' | 'leak';
  children: ReactNode;
}) {
  return (
    <span className={css.tag} data-tone={tone}>
      {children}
    </span>
  );
}

/** An operation's name; `quiet` for one that is not used, `warn` for one that should not be. */
export function Operation({ name, tone }: { name: string; tone?: 'quiet' | 'warn' }) {
  return (
    <code className={css.op} data-tone={tone}>
      {name}
    </code>
  );
}
