import { type Problem, problemOf } from '@/kit/problem';
import type { Answers } from './manifest';
import { isName } from './names';
import { words } from './words';

export type Field = 'name' | 'title' | 'team' | 'owner' | 'deputy' | 'purpose';
export type Errors = Partial<Record<Field, string>>;

const ORDER: readonly Field[] = ['title', 'name', 'team', 'purpose', 'owner', 'deputy'];

/** What is still missing or wrong, by field. */
export function errorsOf(answers: Pick<Answers, Field>, taken: boolean | undefined): Errors {
  const found: Errors = {};
  if (answers.title.trim() === '') found.title = words.ask.titleMissing;
  if (answers.name === '') found.name = words.ask.nameMissing;
  else if (!isName(answers.name)) found.name = words.ask.nameWrong('');
  else if (taken) found.name = words.ask.nameTaken(answers.name);
  if (answers.team === '') found.team = words.ask.teamMissing;
  if (answers.owner === '') found.owner = words.ask.ownerMissing;
  if (answers.deputy !== '' && answers.deputy === answers.owner) found.deputy = words.ask.deputySame;
  if (answers.purpose.trim() === '') found.purpose = words.ask.purposeMissing;
  return found;
}

const BY_CODE: Record<string, Field> = {
  name_taken: 'name',
  name_invalid: 'name',
  team_unknown: 'team',
  owner_invalid: 'owner',
  deputy_invalid: 'deputy',
};

/** The field that a refusal is about, if it is about one. */
export function fieldOf(problem: Problem): Field | null {
  const named = BY_CODE[problem.code];
  if (named) return named;
  const last = /([A-Za-z]+)$/.exec(problem.place)?.[1];
  return ORDER.find((field) => field === last) ?? null;
}

/** Errors in place for a refusal; null when it belongs to no field. */
export function refusalIn(error: unknown): Errors | null {
  if (!error) return null;
  const problem = problemOf(error);
  const field = fieldOf(problem);
  return field ? { [field]: `${problem.detail} ${problem.fix}`.trim() } : null;
}

/** Move the focus to the first field in error. */
export function focusFirst(errors: Errors, prefix: string): void {
  const first = ORDER.find((field) => errors[field]);
  if (first) requestAnimationFrame(() => document.getElementById(`${prefix}-${first}`)?.focus());
}
