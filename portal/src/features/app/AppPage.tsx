import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { readAppOptions } from '@/api/@tanstack/react-query.gen';
import { Page } from '@/kit/page/Page';
import { problemOf } from '@/kit/problem';
import { Loaded } from '@/kit/states/States';
import { AppView } from './AppView';
import { words } from './words';

const crumbs = [{ label: words.catalog, to: '/catalog' }];

/** One app: `/apps/$name` and `/apps/$name/$tab`. */
export default function AppPage() {
  const { name = '', tab = 'overview' }: { name?: string; tab?: string } = useParams({ strict: false });
  const app = useQuery(readAppOptions({ path: { name } }));
  if (app.data) return <AppView key={app.data.id} app={app.data} tab={tab} />;
  if (app.isError && problemOf(app.error).status === 404)
    return (
      <Page name={name} title={words.gone(name)} lead={words.goneText} crumbs={crumbs}>
        <Button component={Link} to="/catalog">
          {words.toCatalog}
        </Button>
      </Page>
    );
  return (
    <Page name={name} title={name} crumbs={crumbs}>
      <Loaded query={app} what={words.readWhat(name)} lines={8}>
        {() => null}
      </Loaded>
    </Page>
  );
}
