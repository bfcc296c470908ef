import { Page } from '@/kit/page/Page';

export default function SourcesPage() {
  return <Page name="SourcesPage" title="SourcesPage" />;
}
