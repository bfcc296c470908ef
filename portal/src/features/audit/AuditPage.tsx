import { Page } from '@/kit/page/Page';

export default function AuditPage() {
  return <Page name="AuditPage" title="AuditPage" />;
}
