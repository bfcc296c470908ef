import { Page } from '@/kit/page/Page';

export default function HubPage() {
  return <Page name="HubPage" title="HubPage" />;
}
