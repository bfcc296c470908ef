import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '@/kit/page/Page';
import { isMissingPart } from '@/live/patient';
import { shell as words } from '@/words/shell';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page name={words.notFoundName} title={words.notFound} lead={words.notFoundText}>
      <Button component={Link} to="/">
        {words.toHome}
      </Button>
    </Page>
  );
}

/** A page that threw: the rest of the portal goes on. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Page name={words.brokenName} title={words.broken} lead={words.brokenText}>
      <Button onClick={isMissingPart(error) ? () => window.location.reload() : reset}>{words.reload}</Button>
      <pre className="xs t3" style={{ whiteSpace: 'pre-wrap', marginTop: 16 }}>
        {error instanceof Error ? error.message : String(error)}
      </pre>
    </Page>
  );
}
