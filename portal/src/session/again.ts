/** Lets code outside of React ask for a password, and every request that waits share one question. */
export type Wanted = 'sign-in' | 'confirm';
type Listener = (wanted: Wanted | null) => void;

let asking: { wanted: Wanted; promise: Promise<boolean>; settle: (signedIn: boolean) => void } | null = null;
let listener: Listener | null = null;

/** Return whether the person signed in again; false when there is no page to ask on, or they left. */
export function askAgain(wanted: Wanted): Promise<boolean> {
  if (listener === null) return Promise.resolve(false);
  if (asking === null) {
    let settle: (signedIn: boolean) => void = () => undefined;
    const promise = new Promise<boolean>((resolve) => {
      settle = resolve;
    });
    asking = { wanted, promise, settle };
    listener(wanted);
  }
  return asking.promise;
}

/** Say how the question ended. */
export function answerAgain(signedIn: boolean): void {
  asking?.settle(signedIn);
  asking = null;
  listener?.(null);
}

/** Show the question wherever the page wants it; returns how to stop. */
export function onAskAgain(show: Listener): () => void {
  listener = show;
  return () => {
    listener = null;
  };
}
