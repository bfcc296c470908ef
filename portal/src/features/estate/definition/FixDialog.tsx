import { Button, Modal } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FixesView, previewFixes } from '@/api';
import type { FoundFinding } from '@/features/findings/model';
import { plain } from '@/features/flow/graph';
import { Diff } from '@/kit/diff/Diff';
import { Glyph } from '@/kit/marks/Glyph';
import { Failed, Loading, Note } from '@/kit/states/States';
import { toast } from '@/kit/toast';
import { definition } from '../definitionWords';
import css from './fix.module.css';

const words = definition.fix;

/** The file's own name, without its folders, as the mended one is saved. */
const nameOf = (path: string): string =>
  plain(path.split(/[/\\]/).at(-1), 120).replaceAll(/[^\w.\- ]+/g, '_') || 'flow';

function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  toast(words.downloaded(name));
}

interface Props {
  id: string;
  path: string;
  /** Findings that are to end. */
  findings: readonly FoundFinding[];
  onClose: () => void;
}

function Change({ found, path, findings, onClose }: Omit<Props, 'id'> & { found: FixesView }) {
  const titleOf = (key: string) => plain(findings.find((each) => each.key === key)?.title, 120) || key;
  const { block, warn, note } = found.remaining;
  const changes = found.diff !== '';
  return (
    <div className={css.fix}>
      <ul className={css.said}>
        {findings
          .filter((each) => found.resolved.includes(each.key))
          .slice(0, 12)
          .map((each) => (
            <li key={each.key}>
              <span className="mono c-acc" aria-hidden="true">
                ~
              </span>
              <span>{plain(each.fix?.text) || plain(each.title)}</span>
            </li>
          ))}
      </ul>
      <div className={css.facts}>
        <p className="sm">
          <span className={found.resolved.length > 0 ? 'c-ok' : 'c-warn'}>
            <Glyph name={found.resolved.length > 0 ? 'ok' : 'warning'} />
          </span>
          {found.resolved.length > 0 ? words.ends(found.resolved.length) : words.endsNone}
        </p>
        <p className="sm t2">{words.remaining(block, warn, note)}</p>
      </div>
      {found.refused.length > 0 && (
        <Note tone="warn">
          <b>{words.kept(found.refused.length)}</b>
          <ul>
            {found.refused.slice(0, 8).map((each) => (
              <li key={each.key}>
                {titleOf(each.key)}: {plain(each.why)}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {changes && <Diff text={found.diff} label={words.diff} />}
      {changes && <p className="xs t3">{words.how}</p>}
      <div className={css.foot}>
        <Button onClick={onClose}>{words.close}</Button>
        {changes && (
          <Button
            variant="filled"
            leftSection={<IconDownload size={14} stroke={1.75} aria-hidden />}
            onClick={() => save(nameOf(path), found.content)}
          >
            {words.download}
          </Button>
        )}
      </div>
    </div>
  );
}

/** What a fix would change, tried on a copy: the lines, what it ends, what is left, and the mended file to take along. */
export default function FixDialog({ id, path, findings, onClose }: Props) {
  const keys = findings.map((each) => each.key);
  const query = useQuery({
    queryKey: ['preview of fixes', id, ...keys],
    queryFn: async ({ signal }) =>
      (await previewFixes({ path: { definition_id: id }, body: { keys }, signal, throwOnError: true })).data,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size={820}
      title={words.title(findings.length)}
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {query.data ? (
        <Change found={query.data} path={path} findings={findings} onClose={onClose} />
      ) : query.isError ? (
        <Failed what={words.what} error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Loading lines={6} />
      )}
    </Modal>
  );
}
