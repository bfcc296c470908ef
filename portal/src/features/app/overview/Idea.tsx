import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { AppDetailView } from '@/api';
import { Glyph } from '@/kit/marks/Glyph';
import { Card, Section } from '@/kit/page/Parts';
import type { Rights } from '../use';
import { idea as words } from '../words';
import css from './overview.module.css';

/** What comes next for an app without a version. */
export function Idea({ app, rights }: { app: AppDetailView; rights: Rights }) {
  const settings = `/apps/${app.name}/settings`;
  const steps = [
    {
      done: app.purpose !== '',
      title: app.purpose ? words.purposeDone : words.purpose,
      text: words.purposeText,
      go: { label: words.go.purpose, to: settings, hash: 'purpose' },
    },
    {
      done: app.deputy !== '',
      title: app.deputy ? words.deputyDone(app.deputyName || app.deputy) : words.deputy,
      text: words.deputyText,
      go: { label: words.go.deputy, to: settings, hash: 'deputy' },
    },
    {
      done: false,
      title: words.flow,
      text: words.flowText,
      go: { label: words.go.flow, to: `/apps/${app.name}/versions`, hash: 'bring' },
    },
    { done: false, title: words.review, text: words.reviewText, go: undefined },
  ];
  return (
    <Section title={words.title} note={words.note}>
      <Card>
        <ol>
          {steps.map((step) => (
            <li key={step.title} className={css.step}>
              <span className={step.done ? 'c-ok' : 'c-mute'}>
                <Glyph name={step.done ? 'ok' : 'todo'} size={16} />
              </span>
              <div>
                <h3>{step.title}</h3>
                {!step.done && <p className="sm t2">{step.text}</p>}
              </div>
              {!step.done && step.go && rights.write && (
                <Button component={Link} to={step.go.to} hash={step.go.hash} size="xs">
                  {step.go.label}
                </Button>
              )}
            </li>
          ))}
        </ol>
        {!rights.write && <p className={`xs t3 ${css.foot}`}>{rights.who('app:write')}</p>}
      </Card>
    </Section>
  );
}
