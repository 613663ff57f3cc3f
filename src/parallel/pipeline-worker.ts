import { openStorage } from "../storage/open-storage.ts";
import { serveParallel } from "./serve-parallel.ts";

/** Held as long as this worker lives: who is granted this lock knows that it is gone. */
const { name } = self as unknown as { readonly name: string };
if (name !== "" && globalThis.navigator?.locks !== undefined) {
  navigator.locks.request(name, () => new Promise(() => {})).catch(() => {});
}
serveParallel((descriptor) => openStorage(descriptor));
