import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { readReviewOptions } from '@/api/@tanstack/react-query.gen';
import { Page } from '@/kit/page/Page';
import { Loaded } from '@/kit/states/States';
import { problemOf } from '@/kit/problem';
import { Review } from './Review';
import { outcome, review as words } from './words';

const CRUMBS = [{ label: words.reviews, to: '/reviews' }];

/** One review: what a version asks for, and the decision. */
export default function ReviewPage() {
  const { id = '' } = useParams({ strict: false });
  const found = useQuery(readReviewOptions({ path: { review_id: id } }));
  if (found.data) return <Review key={id} dossier={found.data} />;
  if (found.isError && problemOf(found.error).status === 404) {
    return (
      <Page name={words.one} title={words.none} lead={words.noneText} crumbs={CRUMBS}>
        <Link to="/reviews" className="lk">
          {outcome.toQueue}
        </Link>
      </Page>
    );
  }
  return (
    <Page name={words.one} title={words.one} crumbs={CRUMBS}>
      <Loaded query={found} what={words.failed} lines={10}>
        {() => null}
      </Loaded>
    </Page>
  );
}
