import { Page } from '@/kit/page/Page';

export default function ConnectorPage() {
  return <Page name="ConnectorPage" title="ConnectorPage" />;
}
