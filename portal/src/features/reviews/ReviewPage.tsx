import { Page } from '@/kit/page/Page';

export default function ReviewPage() {
  return <Page name="ReviewPage" title="ReviewPage" />;
}
