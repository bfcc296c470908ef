import { Page } from '@/kit/page/Page';

export default function ReviewsPage() {
  return <Page name="ReviewsPage" title="ReviewsPage" />;
}
