import { Page } from '@/kit/page/Page';

export default function ConnectionPage() {
  return <Page name="ConnectionPage" title="ConnectionPage" />;
}
