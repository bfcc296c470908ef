import { Page } from '@/kit/page/Page';

export default function JoinPage() {
  return <Page name="JoinPage" title="JoinPage" />;
}
