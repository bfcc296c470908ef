import type { Stop } from '@/kit/path/stops';

/** A leak in a list: its stops, and the one change that ends it. */
export interface LeakRow {
  key: string;
  title: string;
  dataClass: string;
  /** How sure it is, in words. */
  certainty: string;
  stops: readonly Stop[];
  cut: string;
  /** Id and name of the definition to open. */
  definition: string;
  name: string;
}
