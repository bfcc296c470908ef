import { useMemo, useState } from 'react';
import type { FoundView } from '@/api';
import type { FlowFinding } from '@/features/flow/Details';
import type { Lit } from '@/features/flow/lit';
import { litOf, toldOf } from './lighting';
import type { FoundFinding, OwnLeak } from './model';
import { readFindings } from './read';

export interface Findings {
  findings: readonly FoundFinding[];
  leaks: readonly OwnLeak[];
  /** Key of the chosen finding. */
  chosen: string | null;
  choose: (key: string | null) => void;
  /** The chosen step. */
  focus: string | null;
  setFocus: (step: string | null) => void;
  /** The way of the leak that the chosen finding tells of. */
  lit: Lit | null;
  /** As a flow's steps tell them. */
  told: readonly FlowFinding[];
}

const NOTHING: readonly FoundView[] = [];

/** What checks say of a flow, with the one that is chosen: its step is chosen too, and its way lit. */
export function useFindings(views: readonly FoundView[] = NOTHING): Findings {
  const { findings, leaks } = useMemo(() => readFindings(views), [views]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [focus, setFocus] = useState<string | null>(null);
  const finding = findings.find((each) => each.key === chosen);
  const leak = leaks.find((each) => each.key === finding?.leak);
  const lit = useMemo(() => litOf(leak), [leak]);
  const told = useMemo(
    () => [...new Set(findings.map((each) => each.step))].filter(Boolean).flatMap((step) => toldOf(findings, step)),
    [findings],
  );
  const choose = (key: string | null) => {
    setChosen(key);
    const next = findings.find((each) => each.key === key);
    if (next?.step) setFocus(next.step);
  };
  return { findings, leaks, chosen, choose, focus, setFocus, lit, told };
}
