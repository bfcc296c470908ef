import { Page } from '@/kit/page/Page';

export default function AppPage() {
  return <Page name="AppPage" title="AppPage" />;
}
