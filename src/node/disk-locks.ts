import { createHash } from "node:crypto";
import {
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { LakeletError } from "../errors/lakelet-error.ts";
import type { LockMode } from "../storage/lock-queue.ts";
import { LockQueue } from "../storage/lock-queue.ts";
import { randomUuid } from "../types/random-uuid.ts";

const HEARTBEAT_MS = 1_000;
/** A lock file that was not touched for so long has lost its owner. */
const STALE_MS = 10_000;
const LONGEST_PAUSE_MS = 15;

/**
 * Named locks among the processes that share a folder: a queue within this process, lock and lease files with a
 * heartbeat between processes. They keep writers from wasting work and collectors from files in use; no commit
 * depends on them for being correct (`link` decides), as a process that sleeps too long can lose one.
 */
export class DiskLocks {
  readonly #directory: string;
  readonly #queue = new LockQueue();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async run<T>(
    name: string,
    mode: LockMode,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    return this.#queue.run(
      name,
      mode,
      async () => {
        const file = await this.#wait(name, mode, signal);
        return this.#holding(name, file, fn);
      },
      signal,
    );
  }

  async tryExclusive<T>(
    name: string,
    fn: () => Promise<T>,
  ): Promise<{ readonly ran: true; readonly value: T } | { readonly ran: false }> {
    const attempt = await this.#queue.tryRun(name, "exclusive", async () => {
      const file = await this.#tryExclusiveFile(name);
      if (file === undefined) return { ran: false } as const;
      return { ran: true, value: await this.#holding(name, file, fn) } as const;
    });
    return attempt.ran ? attempt.value : attempt;
  }

  async #wait(name: string, mode: LockMode, signal: AbortSignal | undefined): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      const file = mode === "exclusive" ? await this.#tryExclusiveFile(name) : await this.#tryLease(name);
      if (file !== undefined) return file;
      if (signal?.aborted) {
        throw new LakeletError("aborted", `stopped while waiting for the lock ${name}`, {
          cause: signal.reason,
        });
      }
      const pauseMs = Math.min(attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #holding<T>(
    name: string,
    file: string,
    fn: (lock: { readonly assertHeld: () => Promise<void> }) => Promise<T>,
  ): Promise<T> {
    const token = await readFile(file, "utf8").catch(() => "");
    const beat = setInterval(() => {
      const now = new Date();
      utimes(file, now, now).catch(() => {});
    }, HEARTBEAT_MS);
    beat.unref();
    const assertHeld = async (): Promise<void> => {
      if ((await readFile(file, "utf8").catch(() => undefined)) === token) return;
      throw new LakeletError("conflict", `the lock ${name} was taken away while it was held`, {
        retryable: true,
      });
    };
    try {
      return await fn({ assertHeld });
    } finally {
      clearInterval(beat);
      // Not ours any more when somebody took it for abandoned.
      if ((await readFile(file, "utf8").catch(() => undefined)) === token) await unlink(file).catch(() => {});
    }
  }

  /** The exclusive file is made before the leases are looked at, a lease before the exclusive file: one side sees the other. */
  async #tryExclusiveFile(name: string): Promise<string | undefined> {
    const { lock, leases } = this.#paths(name);
    if (!(await this.#create(lock))) return undefined;
    for (const lease of await readdir(leases).catch(() => [])) {
      if (await isHeld(join(leases, lease))) {
        await unlink(lock).catch(() => {});
        return undefined;
      }
      await unlink(join(leases, lease)).catch(() => {});
    }
    return lock;
  }

  async #tryLease(name: string): Promise<string | undefined> {
    const { lock, leases } = this.#paths(name);
    if (await isHeld(lock)) return undefined;
    await mkdir(leases, { recursive: true });
    const lease = join(leases, randomUuid());
    await writeFile(lease, owner());
    if (!(await isHeld(lock))) return lease;
    await unlink(lease).catch(() => {});
    return undefined;
  }

  async #create(lock: string): Promise<boolean> {
    for (const retry of [true, false]) {
      try {
        const file = await open(lock, "wx");
        await file.writeFile(owner());
        await file.close();
        return true;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT" && retry) await mkdir(this.#directory, { recursive: true });
        else if (code === "EEXIST" && retry) await this.#clearAbandoned(lock);
        else if (code === "EEXIST") return false;
        else throw error;
      }
    }
    return false;
  }

  /** Takes away a lock file whose owner is gone; one that somebody else has made in the meantime is put back. */
  async #clearAbandoned(lock: string): Promise<void> {
    const state = await stateOf(lock);
    if (state.kind !== "abandoned") return;
    // Renaming is atomic: of several who find an abandoned lock, one takes it away.
    const aside = join(this.#directory, randomUuid());
    try {
      await rename(lock, aside);
      if ((await readFile(aside, "utf8")) !== state.owner) await link(aside, lock);
    } catch {
      // Somebody else was faster, or has the lock by now.
    }
    await unlink(aside).catch(() => {});
  }

  #paths(name: string): { readonly lock: string; readonly leases: string } {
    const hash = createHash("sha256").update(name).digest("hex").slice(0, 32);
    return { lock: join(this.#directory, `${hash}.lock`), leases: join(this.#directory, `${hash}.leases`) };
  }
}

function owner(): string {
  return `${hostname()} ${process.pid} ${randomUuid()}`;
}

type LockFileState =
  | { readonly kind: "held" }
  | { readonly kind: "free" }
  | { readonly kind: "abandoned"; readonly owner: string };

async function stateOf(file: string): Promise<LockFileState> {
  try {
    const { mtimeMs } = await stat(file);
    const owner = await readFile(file, "utf8");
    if (Date.now() - mtimeMs > STALE_MS) return { kind: "abandoned", owner };
    const [host, pid] = owner.split(" ");
    // Without content its owner is just writing it.
    const gone = owner !== "" && host === hostname() && !isAlive(Number(pid));
    return gone ? { kind: "abandoned", owner } : { kind: "held" };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { kind: "free" };
    throw error;
  }
}

async function isHeld(file: string): Promise<boolean> {
  return (await stateOf(file)).kind === "held";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
