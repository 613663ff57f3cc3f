/** Resolves when the lock that a worker holds as long as it lives is free, or when the worker has failed: then it is dead. */
export async function deathOf(
  lifeLock: string,
  failed: Promise<never> = new Promise(() => {}),
): Promise<void> {
  const lock =
    globalThis.navigator?.locks === undefined
      ? new Promise<void>(() => {})
      : navigator.locks
          .request(lifeLock, { mode: "shared" }, async () => {})
          // A realm of an opaque origin has no locks; whoever owns the worker tells it.
          .catch(() => new Promise<void>(() => {}));
  await Promise.race([lock, failed.catch(() => {})]);
}
