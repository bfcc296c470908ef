import { Page } from '@/kit/page/Page';

export default function CredentialsPage() {
  return <Page name="CredentialsPage" title="CredentialsPage" />;
}
