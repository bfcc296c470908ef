import { Button } from '@mantine/core';
import { IconEyeOff, IconFolderPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { EstateView } from '@/api';
import { readEstateOptions } from '@/api/@tanstack/react-query.gen';
import { number } from '@/kit/format';
import { Columns, Page } from '@/kit/page/Page';
import { Card, Figures, Section } from '@/kit/page/Parts';
import { Empty, Loaded, Note } from '@/kit/states/States';
import { useMay } from '@/session/me';
import { DoFirst } from './DoFirst';
import { Adding } from './drop/Adding';
import css from './estate.module.css';
import { LeakItem } from './LeakItem';
import { rowOf } from './leakRow';
import { Lists } from './Lists';
import { PlatformTable } from './PlatformTable';
import { words } from './words';

/** As many leaks as leave the platforms in view. */
const SHOWN = 4;

function Strip({ estate }: { estate: EstateView }) {
  const { strip } = words;
  return (
    <div className={css.strip} role="group" aria-label={strip.label}>
      <Figures
        items={[
          { label: strip.found, value: number(estate.found), note: strip.foundNote(estate.new) },
          {
            label: strip.registered,
            value: number(estate.registered),
            note: strip.registeredNote(estate.found > 0 ? estate.registered / estate.found : 0),
          },
          {
            label: strip.keys,
            value: number(estate.ownKeys),
            note: estate.ownKeys > 0 ? strip.keysNote(estate.keyed) : strip.keysNone,
          },
          {
            label: strip.leaks,
            value: <span className={estate.leaks > 0 ? 'c-leak' : ''}>{number(estate.leaks)}</span>,
            note: estate.leaks > 0 ? strip.leaksNote(estate.leaking) : strip.leaksNone,
          },
          {
            label: strip.unreadable,
            value: <span className={estate.unreadable > 0 ? 'c-warn' : ''}>{number(estate.unreadable)}</span>,
            note:
              estate.unreadable > 0 ? (
                <Link to="/estate/unreadable" className="lk hit">
                  {strip.unreadableNote}
                </Link>
              ) : (
                strip.unreadableNone
              ),
          },
        ]}
      />
    </div>
  );
}

function Aside({ estate }: { estate: EstateView }) {
  return (
    <>
      {/* What could not be read stands below, with its reason. */}
      <DoFirst items={estate.doFirst.filter((item) => item.kind !== 'unreadable')} />
      {estate.unreadable > 0 && (
        <Note tone="warn" icon={<IconEyeOff size={16} stroke={1.75} aria-hidden />}>
          <b>{words.unread.note(estate.unreadable)}</b>
          <p className="t2">{words.unread.text}</p>
          <Link to="/estate/unreadable" className="lk hit">
            {words.unread.link}
          </Link>
        </Note>
      )}
    </>
  );
}

function Content({ estate }: { estate: EstateView }) {
  const { leaks } = words;
  const worst = estate.worst.slice(0, SHOWN);
  return (
    <>
      <Strip estate={estate} />
      <Columns label={words.first.title} aside={<Aside estate={estate} />}>
        <Section
          title={leaks.title}
          note={estate.leaks > 0 && leaks.note(worst.length, estate.leaks)}
          right={
            estate.leaks > worst.length && (
              <Link to="/estate/leaks" className="lk sm hit">
                {leaks.all(estate.leaks)}
              </Link>
            )
          }
        >
          <Card>
            {worst.length === 0 ? (
              <Empty title={leaks.none}>{leaks.noneText}</Empty>
            ) : (
              worst.map((view, index) => (
                // Two leaks may read the same.
                // oxlint-disable-next-line react/no-array-index-key
                <LeakItem key={index} leak={rowOf(view)} number={index + 1} />
              ))
            )}
          </Card>
        </Section>
        <Section title={words.platforms.title}>
          <PlatformTable rows={estate.byPlatform} />
        </Section>
      </Columns>
    </>
  );
}

/** Everything that people built, as far as it was read: how much, what leaks, what to do first. */
export default function EstatePage() {
  const may = useMay();
  const query = useQuery(readEstateOptions());
  const [open, setOpen] = useState(false);
  const estate = query.data;
  const empty = estate?.found === 0 && estate.unreadable === 0;
  return (
    <Page
      wide
      name={words.name}
      title={!estate ? words.name : empty ? words.emptyTitle : words.title(estate.found, estate.registered)}
      lead={!estate ? '' : empty ? words.emptyLead : words.lead(estate.origins.length)}
      actions={
        estate &&
        !empty && (
          <>
            {estate.scannedAt && <span className="xs t3 hide-n">{words.scanned(estate.scannedAt, estate.tookMs)}</span>}
            {may('app:write') && (
              <Button
                size="xs"
                aria-expanded={open}
                leftSection={<IconFolderPlus size={14} stroke={1.75} aria-hidden />}
                onClick={() => setOpen(!open)}
              >
                {words.add}
              </Button>
            )}
          </>
        )
      }
    >
      {!empty && <Lists />}
      <Adding open={open} onOpen={setOpen} empty={empty === true}>
        <Loaded query={query} what={words.what} lines={12}>
          {(data) => (data.found === 0 && data.unreadable === 0 ? null : <Content estate={data} />)}
        </Loaded>
      </Adding>
    </Page>
  );
}
