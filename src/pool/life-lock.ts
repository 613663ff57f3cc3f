/**
 * Takes the Web Lock that a worker holds as long as it lives, named as the worker is: who is granted it knows that the
 * worker is gone. Resolves when it is held, or cannot be (a realm of an opaque origin has no locks).
 */
export function holdLifeLock(): Promise<void> {
  const { name } = self as unknown as { readonly name: string };
  if (name === "" || globalThis.navigator?.locks === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    navigator.locks
      .request(name, () => {
        resolve();
        return new Promise(() => {});
      })
      .catch(() => resolve());
  });
}
