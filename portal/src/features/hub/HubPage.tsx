import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Hub } from './Hub';
import { EnrolHub } from './HubForms';
import { words } from './words';

/** One of several hubs. */
export default function HubPage() {
  const { name = '' }: { name?: string } = useParams({ strict: false });
  const [enrolling, setEnrolling] = useState(false);
  return (
    <>
      <Hub key={name} name={name} crumbs={[{ label: words.hubs, to: '/hubs' }]} onEnrol={() => setEnrolling(true)} />
      {enrolling && <EnrolHub onClose={() => setEnrolling(false)} />}
    </>
  );
}
