import { Page } from '@/kit/page/Page';

export default function StartPage() {
  return <Page name="StartPage" title="StartPage" />;
}
