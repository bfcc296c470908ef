import { Button, Drawer } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { DossierView } from '@/api';
import { TimeLeft } from '@/kit/Clock';
import css from './review.module.css';
import { decision as words, sections } from './words';

/** Where the decision does not stand beside: what matters for it, always in reach, and itself over the page. */
export function Sheet({
  dossier,
  label,
  digest,
  children,
}: {
  dossier: DossierView;
  label: string;
  digest: string;
  children: ReactNode;
}) {
  const [opened, setOpened] = useState(false);
  const passed = dossier.checks.filter((check) => check.passed).length;
  return (
    <>
      <div className={`${css.sheet} no-print`}>
        <div>
          <p className="sm">
            <TimeLeft until={dossier.dueAt} />
          </p>
          <p className="xs t3">
            {words.checklist} {sections.checks(passed, dossier.checks.length)}
          </p>
        </div>
        <Button variant="filled" onClick={() => setOpened(true)} aria-haspopup="dialog">
          {words.open}
        </Button>
      </div>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        position="bottom"
        size="auto"
        title={`${label}, ${digest}`}
        closeButtonProps={{ 'aria-label': words.close }}
        classNames={{ content: css.drawer ?? '', title: css.drawerTitle ?? '' }}
      >
        {children}
      </Drawer>
    </>
  );
}
