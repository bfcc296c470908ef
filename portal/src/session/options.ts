import { useQuery } from '@tanstack/react-query';

/** How one may sign in here, and what this install is called. */
export interface SignInOptions {
  setUp: boolean;
  password: boolean;
  providers: { id: string; title: string; url: string }[];
  demo: { as: string; title: string; note: string }[];
  name: string;
  version: string;
}

export function useOptions(): SignInOptions | undefined {
  return useQuery({
    queryKey: [{ _id: 'signInOptions' }],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<SignInOptions> => {
      const answer = await fetch('/api/v1/sign-in/options');
      if (!answer.ok) return { setUp: false, password: true, providers: [], demo: [], name: '', version: '' };
      return (await answer.json()) as SignInOptions;
    },
  }).data;
}
