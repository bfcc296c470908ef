import { Page } from '@/kit/page/Page';

export default function AdoptPage() {
  return <Page name="AdoptPage" title="AdoptPage" />;
}
