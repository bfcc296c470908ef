import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { searchCatalogOptions } from '@/api/@tanstack/react-query.gen';
import { Stage } from '@/kit/marks/Marks';
import { Section } from '@/kit/page/Parts';
import { Loaded } from '@/kit/states/States';
import css from './adopt.module.css';
import { searchWords } from './similar';
import { words } from './words';

const SHOWN = 3;

/** Apps that may do already what somebody is about to write down. */
export function Similar({ text }: { text: string }) {
  const [asked] = useDebouncedValue(searchWords(text), 400);
  const found = useQuery({
    ...searchCatalogOptions({ query: { q: asked[0] ?? '', limit: SHOWN } }),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const wider = useQuery({
    ...searchCatalogOptions({ query: { q: asked[1] ?? '', limit: SHOWN } }),
    enabled: asked.length > 1 && found.data?.items.length === 0,
    placeholderData: keepPreviousData,
  });
  const used = found.data?.items.length === 0 && asked.length > 1 ? wider : found;
  return (
    <Section title={words.fresh.similar}>
      {asked.length === 0 ? (
        <p className="sm t2">{words.fresh.similarNone}</p>
      ) : (
        <Loaded query={used} what={words.fresh.failed} lines={3}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="sm t2">{words.fresh.similarFree}</p>
            ) : (
              <>
                <ul className={css.similar} aria-live="polite">
                  {items.map((app) => (
                    <li key={app.name} className="sm">
                      <Link to={`/apps/${app.name}`} className="lk">
                        {app.title || app.name}
                      </Link>
                      <p className={`t2 ${css.clamp}`}>{app.purpose}</p>
                      <p className="xs t3">{words.fresh.by(app.ownerName || app.owner, app.team)}</p>
                      <Stage stage={app.stage} />
                    </li>
                  ))}
                </ul>
                <p className="xs t3" style={{ marginTop: 12 }}>
                  {words.fresh.similarText}
                </p>
              </>
            )
          }
        </Loaded>
      )}
    </Section>
  );
}
