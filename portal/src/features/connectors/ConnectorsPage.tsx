import { Page } from '@/kit/page/Page';

export default function ConnectorsPage() {
  return <Page name="ConnectorsPage" title="ConnectorsPage" />;
}
