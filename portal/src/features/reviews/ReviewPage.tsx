import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { readReviewOptions } from '@/api/@tanstack/react-query.gen';
import { Page } from '@/kit/page/Page';
import { Loaded } from '@/kit/states/States';
import { Review } from './Review';
import { review as words } from './words';

/** One review: what a version asks for, and the decision. */
export default function ReviewPage() {
  const { id = '' } = useParams({ strict: false });
  const found = useQuery(readReviewOptions({ path: { review_id: id } }));
  if (found.data) return <Review key={id} dossier={found.data} />;
  return (
    <Page name={words.missing} title={words.missing} crumbs={[{ label: words.reviews, to: '/reviews' }]}>
      <Loaded query={found} what={words.failed} lines={10}>
        {() => null}
      </Loaded>
    </Page>
  );
}
