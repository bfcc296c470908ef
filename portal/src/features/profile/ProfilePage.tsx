import { Page } from '@/kit/page/Page';

export default function ProfilePage() {
  return <Page name="ProfilePage" title="ProfilePage" />;
}
