import { Page } from '@/kit/page/Page';

export default function NewPage() {
  return <Page name="NewPage" title="NewPage" />;
}
