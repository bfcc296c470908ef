import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { fields as words } from '@/words/fields';
import css from './copy.module.css';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

/** Text to take along: a link, a secret, a command. The button copies all of it. */
export function CopyText({ label, value, onCopied }: { label: string; value: string; onCopied?: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 3_000);
    onCopied?.();
  };
  return (
    <div className={css.row}>
      {/* What is longer than the box scrolls, so it must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <code className={css.text} tabIndex={0} role="group" aria-label={label}>
        {value}
      </code>
      <Button
        leftSection={copied ? <IconCheck {...ICON} /> : <IconCopy {...ICON} />}
        aria-label={words.copyWhat(label)}
        onClick={() => void copy()}
      >
        <span aria-live="polite">{copied ? words.copied : words.copy}</span>
      </Button>
    </div>
  );
}
