import type { SandboxPart } from "./protocol.ts";

interface Waiting {
  readonly resolve: (part: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Packages that come when a program first needs them. The frame may ask nobody but the page for a script, so the page
 * sends its text, and it is evaluated here.
 */
export class Parts {
  readonly #ask: (name: SandboxPart) => void;
  readonly #parts = new Map<SandboxPart, Promise<unknown>>();
  readonly #waiting = new Map<SandboxPart, Waiting>();

  constructor(ask: (name: SandboxPart) => void) {
    this.#ask = ask;
  }

  get(name: SandboxPart): Promise<unknown> {
    let part = this.#parts.get(name);
    if (part === undefined) {
      part = new Promise((resolve, reject) => {
        this.#waiting.set(name, { resolve, reject });
        this.#ask(name);
      });
      this.#parts.set(name, part);
      // What could not be loaded is asked for again the next time.
      part.catch(() => this.#parts.delete(name));
    }
    return part;
  }

  receive(
    message: { readonly name: SandboxPart } & ({ readonly script: string } | { readonly error: string }),
  ): void {
    const waiting = this.#waiting.get(message.name);
    this.#waiting.delete(message.name);
    if ("error" in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(new Function(`${message.script}\nreturn lakeletPart;`)());
  }
}
