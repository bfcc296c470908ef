import { Page } from '@/kit/page/Page';

export default function CatalogPage() {
  return <Page name="CatalogPage" title="CatalogPage" />;
}
