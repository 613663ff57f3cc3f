/** The page's build puts the names of the scripts here that a worker's code imports on demand. */
const LATER = "__LAKELET_LATER__";

/** Long after what the first query needs. */
const DELAY_MS = 3_000;

/**
 * Loads the scripts that this worker imports only on demand, once the first work is done: the network may be gone when
 * they are wanted. In other builds than the page's there are none, or a bundler's own.
 */
export function loadLater(): void {
  if (LATER.startsWith("_")) return;
  setTimeout(async () => {
    for (const name of LATER.split("|").filter((each) => each !== "")) {
      // Whoever needs it tries again, and says what is wrong.
      await import(/* @vite-ignore */ new URL(`./${name}`, import.meta.url).href).catch(() => {});
    }
  }, DELAY_MS);
}
