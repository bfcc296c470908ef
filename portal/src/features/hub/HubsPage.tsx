import { Page } from '@/kit/page/Page';

export default function HubsPage() {
  return <Page name="HubsPage" title="HubsPage" />;
}
