import { baseName, joinPath } from "../../storage/paths.ts";
import type { Storage } from "../../storage/storage.ts";
import { FileNotFoundError } from "../../storage/storage.ts";
import type { Clock } from "../environment.ts";

const DIRECTORY = "_locks";
const DEFAULT_LIFETIME_MS = 30_000;

/** A hold on a name, until it is released or its time is over. */
export interface HeldLock {
  readonly name: string;
  readonly owner: string;
  /** Grows with each holder: who has a smaller one has lost the lock. */
  readonly token: number;
  readonly expiresMs: number;
}

interface Entry {
  readonly owner: string;
  readonly expiresMs: number;
}

/**
 * Locks by name and owner beside a table, for programs that take turns by their own rules. Each holder has a number;
 * transactions that are given it fail once a later holder has come, however long they slept.
 */
export class TableLocks {
  readonly #storage: Storage;
  readonly #directory: string;
  readonly #clock: Clock;

  constructor(storage: Storage, directory: string, clock: Clock) {
    this.#storage = storage;
    this.#directory = joinPath(directory, DIRECTORY);
    this.#clock = clock;
  }

  /** undefined: somebody else holds it. Who holds it already gets it again, for as long as asked. */
  async tryAcquire(
    name: string,
    owner: string,
    options: { readonly lifetimeMs?: number } = {},
  ): Promise<HeldLock | undefined> {
    const now = this.#clock.now();
    const newest = await this.#newest(name);
    const isFree =
      newest === undefined ||
      newest.entry.owner === owner ||
      newest.entry.expiresMs <= now ||
      (await this.#isReleased(name, newest.token));
    if (!isFree) return undefined;
    const token = (newest?.token ?? 0) + 1;
    const expiresMs = now + (options.lifetimeMs ?? DEFAULT_LIFETIME_MS);
    const entry: Entry = { owner, expiresMs };
    const bytes = new TextEncoder().encode(JSON.stringify(entry));
    // Of several who try at once the first makes the file.
    const won = await this.#storage.putIfAbsent(this.#path(name, token), bytes);
    if (!won) return undefined;
    if (newest !== undefined) await this.#forget(name, newest.token);
    return { name, owner, token, expiresMs };
  }

  /** False: the owner does not hold it. */
  async release(name: string, owner: string): Promise<boolean> {
    const newest = await this.#newest(name);
    if (newest === undefined || newest.entry.owner !== owner) return false;
    if (await this.#isReleased(name, newest.token)) return false;
    return this.#storage.putIfAbsent(this.#releasePath(name, newest.token), new Uint8Array([10]));
  }

  /** Whether nobody came after the holder with that number. */
  async isCurrent(name: string, token: number): Promise<boolean> {
    const newest = await this.#newest(name);
    return newest?.token === token && !(await this.#isReleased(name, token));
  }

  async #newest(name: string): Promise<{ readonly token: number; readonly entry: Entry } | undefined> {
    const files = await this.#storage.list(joinPath(this.#directory, encodeURIComponent(name)));
    const tokens = files
      .map((file) => /^(\d{20})\.json$/.exec(baseName(file.path))?.[1])
      .filter((text) => text !== undefined)
      .map(Number);
    if (tokens.length === 0) return undefined;
    const token = Math.max(...tokens);
    try {
      const bytes = await this.#storage.read(this.#path(name, token));
      return { token, entry: JSON.parse(new TextDecoder().decode(bytes)) as Entry };
    } catch (error) {
      // A later holder has just cleared it away.
      if (error instanceof FileNotFoundError) return this.#newest(name);
      throw error;
    }
  }

  async #isReleased(name: string, token: number): Promise<boolean> {
    return (await this.#storage.stat(this.#releasePath(name, token))) !== undefined;
  }

  async #forget(name: string, token: number): Promise<void> {
    await this.#storage.remove(this.#path(name, token));
    await this.#storage.remove(this.#releasePath(name, token));
  }

  #path(name: string, token: number): string {
    const file = `${String(token).padStart(20, "0")}.json`;
    return joinPath(this.#directory, encodeURIComponent(name), file);
  }

  #releasePath(name: string, token: number): string {
    return this.#path(name, token).replace(/\.json$/, ".released");
  }
}
