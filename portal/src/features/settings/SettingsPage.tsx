import { Page } from '@/kit/page/Page';

export default function SettingsPage() {
  return <Page name="SettingsPage" title="SettingsPage" />;
}
