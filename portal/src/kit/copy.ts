import { toast } from './toast';

/** Copy a text, and say so. */
export async function copy(text: string, said: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toast(said);
}
