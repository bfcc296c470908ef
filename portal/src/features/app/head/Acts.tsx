import { ActionIcon, Button, Menu } from '@mantine/core';
import {
  IconArrowsDiff,
  IconArchive,
  IconDots,
  IconEye,
  IconHandStop,
  IconUpload,
  IconUserShare,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { AppDetailView } from '@/api';
import type { Match } from '../model';
import type { Rights } from '../use';
import { words } from '../words';

const ICON = { size: 14, stroke: 1.75, 'aria-hidden': true } as const;

interface Props {
  app: AppDetailView;
  match: Match;
  rights: Rights;
  onPropose: () => void;
  onHold: () => void;
}

/** The act that comes next, and the rarer ones behind dots. */
export function Acts({ app, match, rights, onPropose, onHold }: Props) {
  if (app.stage === 'retired') return null;
  const at = `/apps/${app.name}`;
  const proposable = rights.submit && match.draft?.status === 'draft' && !match.review;
  // A version that runs unapproved is proposed where that is told.
  const elsewhere = match.kind === 'drifted' && match.draft?.digest === match.running?.digest;
  return (
    <>
      {match.review && (
        <Button component={Link} to={`/reviews/${match.review.id}`} size="xs" leftSection={<IconEye {...ICON} />}>
          {words.openReview}
        </Button>
      )}
      {rights.write && !match.review && (
        <Button
          component={Link}
          to={`${at}/versions`}
          hash="bring"
          size="xs"
          variant={app.versions.length === 0 ? 'filled' : proposable ? 'subtle' : 'default'}
          leftSection={<IconUpload {...ICON} />}
          className={proposable ? 'hide-n' : ''}
        >
          {app.versions.length === 0 ? words.bring : words.upload}
        </Button>
      )}
      {proposable && match.draft && !elsewhere && (
        <Button size="xs" variant="filled" onClick={onPropose}>
          {words.propose(match.draft.number)}
        </Button>
      )}
      <Menu position="bottom-end" width={220} withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" size={28} aria-label={words.more}>
            <IconDots size={16} stroke={1.75} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {app.versions.length > 1 && (
            <Menu.Item component={Link} to={`${at}/versions`} hash="compare" leftSection={<IconArrowsDiff {...ICON} />}>
              {words.compare}
            </Menu.Item>
          )}
          {rights.write && (
            <Menu.Item component={Link} to={`${at}/settings`} hash="owner" leftSection={<IconUserShare {...ICON} />}>
              {words.handOver}
            </Menu.Item>
          )}
          {rights.hold && (
            <Menu.Item onClick={onHold} leftSection={<IconHandStop {...ICON} />}>
              {app.quarantine ? words.lift : words.quarantine}
            </Menu.Item>
          )}
          {rights.write && (
            <Menu.Item component={Link} to={`${at}/settings`} hash="retire" leftSection={<IconArchive {...ICON} />}>
              {words.retire}
            </Menu.Item>
          )}
          {!rights.write && !rights.hold && app.versions.length < 2 && (
            <Menu.Label>{rights.who('app:write')}</Menu.Label>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
