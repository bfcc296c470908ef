import { Page } from '@/kit/page/Page';

export default function HomePage() {
  return <Page name="HomePage" title="HomePage" />;
}
