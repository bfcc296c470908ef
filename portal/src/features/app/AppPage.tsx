import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { readAppOptions } from '@/api/@tanstack/react-query.gen';
import { Page } from '@/kit/page/Page';
import { Loaded } from '@/kit/states/States';
import { AppView } from './AppView';
import { words } from './words';

/** One app: `/apps/$name` and `/apps/$name/$tab`. */
export default function AppPage() {
  const { name = '', tab = 'overview' }: { name?: string; tab?: string } = useParams({ strict: false });
  const app = useQuery(readAppOptions({ path: { name } }));
  if (app.data) return <AppView key={app.data.id} app={app.data} tab={tab} />;
  return (
    <Page name={name} title={name} crumbs={[{ label: words.catalog, to: '/catalog' }]}>
      <Loaded query={app} what={words.readWhat(name)} lines={8}>
        {() => null}
      </Loaded>
    </Page>
  );
}
