import { Page } from '@/kit/page/Page';

export default function PeoplePage() {
  return <Page name="PeoplePage" title="PeoplePage" />;
}
