import { LakeletError } from "../errors/lakelet-error.ts";
import type { Storage } from "../storage/storage.ts";

/** Times a lock that was taken away is asked for again. */
const MAX_ATTEMPTS = 5;

/**
 * Runs `fn` under a log's lock. A lock can be taken away from its holder, who notices right before committing
 * (`assertHeld`): nothing has happened then, and the work begins anew under the lock.
 */
export async function underLogLock<T>(
  storage: Storage,
  name: string,
  fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let lost = false;
    try {
      return await storage.exclusive(
        name,
        (lock) =>
          fn({
            assertHeld: async () => {
              try {
                await lock.assertHeld();
              } catch (error) {
                lost = error instanceof LakeletError && error.kind === "conflict";
                throw error;
              }
            },
          }),
        options,
      );
    } catch (error) {
      if (!lost || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
