import { openStorage } from "../storage/open-storage.ts";
import { serveGenerate } from "./serve-generate.ts";

/** Held as long as this worker lives: who is granted this lock knows that it is gone. */
const { name } = self as unknown as { readonly name: string };
if (name !== "" && globalThis.navigator?.locks !== undefined) {
  navigator.locks.request(name, () => new Promise(() => {})).catch(() => {});
}
serveGenerate((descriptor) => openStorage(descriptor));
