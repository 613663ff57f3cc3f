import { serveTasks } from "./serve-tasks.ts";

/** Held as long as this worker lives: who is granted this lock knows that it is gone. */
const { name } = self as unknown as { readonly name: string };
if (name !== "" && globalThis.navigator?.locks !== undefined) {
  // A realm of an opaque origin is refused; its owner then sees errors only.
  navigator.locks.request(name, () => new Promise(() => {})).catch(() => {});
}
serveTasks();
