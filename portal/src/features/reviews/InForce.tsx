import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ApprovalView, DossierView } from '@/api';
import { readApprovalOptions } from '@/api/@tanstack/react-query.gen';
import { useNow } from '@/kit/Age';
import { date } from '@/kit/format';
import { Status } from '@/kit/marks/Marks';
import { Facts } from '@/kit/page/Parts';
import { useMay } from '@/session/me';
import { EndApproval } from './EndApproval';
import css from './review.module.css';
import { outcome as words } from './words';

/** Hubs say that they have it to the database only, so the page asks until they have. */
const ASK_EVERY_MS = 1_000;
/** A hub takes an approval over within seconds; after this long something is in the way. */
const LATE_MS = 30_000;

function Holds({ approval }: { approval: ApprovalView }) {
  const may = useMay();
  const late = useNow() - Date.parse(approval.validFrom) > LATE_MS;
  if (approval.revokedAt)
    return <Status tone="bad" glyph="blocker">{`${words.revoked} ${date(approval.revokedAt)}`}</Status>;
  if (!approval.live) return <Status tone="mute" glyph="retired">{`${words.over} ${date(approval.expiresAt)}`}</Status>;
  if (approval.inForce) {
    return (
      <Status tone="ok" glyph="ok">
        {words.force.yes}
      </Status>
    );
  }
  return (
    <>
      <Status tone="warn" glyph="half">
        {late ? words.force.late : words.force.soon}
      </Status>
      {late && may('hub:read') && (
        <Link to="/hubs" className="lk xs">
          {words.force.seeHubs}
        </Link>
      )}
    </>
  );
}

/** Whether an approval holds everywhere yet, until when, and the way to end it. */
export function InForce({ dossier, approval }: { dossier: DossierView; approval: ApprovalView }) {
  const may = useMay();
  const read = useQuery({
    ...readApprovalOptions({ path: { name: dossier.app, approval_id: approval.id } }),
    initialData: approval,
    refetchInterval: ({ state }) => (state.data?.live && !state.data.inForce ? ASK_EVERY_MS : false),
  });
  const now = read.data;
  return (
    <div className={css.force}>
      <p className={css.holds} role="status">
        <Holds approval={now} />
      </p>
      {now.live && (
        <>
          <Facts items={[[words.until, <span key="until">{date(now.expiresAt)}</span>]]} />
          {now.supersededAt && <p className="xs t2">{words.supersededText(date(now.expiresAt))}</p>}
          {may('version:review', dossier.team) && (
            <div>
              <EndApproval dossier={dossier} />
            </div>
          )}
        </>
      )}
    </div>
  );
}
