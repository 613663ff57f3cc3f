import { LakeletError } from "../errors/lakelet-error.ts";
import type { Environment } from "../lake/environment.ts";
import { putEntry } from "../lake/log-commit.ts";
import { underLogLock } from "../lake/log-lock.ts";
import { SerialRefresh } from "../lake/serial-refresh.ts";
import { baseName } from "../storage/paths.ts";
import type { Storage } from "../storage/storage.ts";
import { FileNotFoundError } from "../storage/storage.ts";
import type { CatalogAction, CatalogEntryFile } from "./catalog-actions.ts";
import { decodeCatalogEntry, encodeCatalogEntry } from "./catalog-actions.ts";
import { CatalogState } from "./catalog-state.ts";

export const CATALOG_DIRECTORY = "_catalog";
export const CATALOG_TOPIC = "catalog";

const LOCK = "catalog";
const HINT_PATH = `${CATALOG_DIRECTORY}/_last_checkpoint`;
const READ_AHEAD = 16;
const MAX_COMMIT_ATTEMPTS = 1_000;
/** Entries between checkpoints: they cost time in proportion to the catalog's size, so they get rarer as it grows. */
const LEAST_CHECKPOINT_INTERVAL = 10;
const GREATEST_CHECKPOINT_INTERVAL = 256;
const TABLES_PER_ENTRY = 20;

/** What a change of the catalog is made of. */
export interface CatalogChange<T> {
  readonly operation: string;
  readonly actions: readonly CatalogAction[];
  readonly result: T;
}

/** The catalog's log: `_catalog/<20 digits>.json`, entries without gaps, each put where none was. */
export class CatalogLog {
  readonly #storage: Storage;
  readonly #env: Environment;
  readonly #refresh: SerialRefresh<CatalogState>;
  #state = new CatalogState();
  #version = -1;
  #catalogId: string | undefined;
  #loaded = false;
  #lastCheckpointVersion = 0;
  #upkeep: Promise<void> | undefined;

  constructor(storage: Storage, env: Environment) {
    this.#storage = storage;
    this.#env = env;
    this.#refresh = new SerialRefresh(() => this.#bringUpToDate());
  }

  /** What every change that was finished before this call has led to. */
  state(): Promise<CatalogState> {
    return this.#refresh.run();
  }

  /** Tells this catalog from every other; undefined as long as nothing has ever been put into it. */
  get catalogId(): string | undefined {
    return this.#catalogId;
  }

  /** The catalog's id, making the catalog if it is not there yet. */
  async ensureCatalogId(): Promise<string> {
    await this.state();
    if (this.#catalogId === undefined) await this.#createCatalog();
    return this.#catalogId as string;
  }

  /**
   * Changes the catalog. `change` looks at the newest state, under the catalog's lock, and says what to write; it may
   * throw. `keep` leaves the catalog as it is and gives its result back.
   */
  async commit<T>(change: (state: CatalogState) => CatalogChange<T> | { readonly keep: T }): Promise<T> {
    await this.ensureCatalogId();
    const result = await underLogLock(this.#storage, LOCK, async (lock) => {
      for (let attempt = 1; attempt <= MAX_COMMIT_ATTEMPTS; attempt++) {
        const state = await this.#refresh.run();
        const wanted = change(state);
        if ("keep" in wanted) return wanted.keep;
        if (await this.#put(wanted, lock.assertHeld)) return wanted.result;
        await this.#env.clock.sleep(this.#env.random.next() * Math.min(attempt, 20));
      }
      throw new LakeletError(
        "conflict",
        `the catalog was changed by others ${MAX_COMMIT_ATTEMPTS} times in a row`,
        {
          retryable: true,
        },
      );
    });
    this.#notify();
    this.#scheduleCheckpoint();
    return result;
  }

  /** Resolves when a checkpoint that is being written is done; it never fails. */
  async settled(): Promise<void> {
    while (this.#upkeep !== undefined) await this.#upkeep;
  }

  #notify(): void {
    try {
      this.#storage.notify(CATALOG_TOPIC);
    } catch (error) {
      // Only a hint, and the change has landed: nobody may take it for failed.
      this.#env.logger.warn("other tabs could not be told of a change", { error: String(error) });
    }
  }

  async #createCatalog(): Promise<void> {
    const bytes = encodeCatalogEntry(
      {
        id: this.#env.random.uuid(),
        timestampMs: this.#env.clock.now(),
        operation: "CREATE CATALOG",
        catalogId: this.#env.random.uuid(),
      },
      [],
    );
    await this.#storage.putIfAbsent(entryPath(0), bytes);
    await this.state();
    if (this.#catalogId === undefined)
      throw new LakeletError("corrupt", `${entryPath(0)} does not name its catalog`);
  }

  async #put(change: CatalogChange<unknown>, assertHeld: () => Promise<void>): Promise<boolean> {
    const id = this.#env.random.uuid();
    const version = this.#version + 1;
    const bytes = encodeCatalogEntry(
      { id, timestampMs: this.#env.clock.now(), operation: change.operation },
      change.actions,
    );
    await assertHeld();
    const path = entryPath(version);
    const landed = await putEntry(
      this.#storage,
      path,
      bytes,
      (found) => decodeCatalogEntry(found, path).commit.id === id,
    );
    // A reader's refresh may have seen the entry already.
    if (landed && this.#version < version) {
      this.#state.apply(change.actions);
      this.#version = version;
    }
    return landed;
  }

  async #bringUpToDate(): Promise<CatalogState> {
    if (!this.#loaded) {
      await this.#loadCheckpoint();
      this.#loaded = true;
    }
    let width = 1;
    while (true) {
      const first = this.#version + 1;
      const entries = await Promise.all(Array.from({ length: width }, (_, i) => this.#read(first + i)));
      for (const [i, entry] of entries.entries()) {
        if (entry === undefined) {
          if (entries.slice(i).some((later) => later !== undefined)) await this.#assertNoGap(first + i);
          return this.#state;
        }
        // A commit of ours may have been applied while the entries were read.
        if (first + i <= this.#version) continue;
        this.#apply(entry);
        this.#version = first + i;
      }
      width = READ_AHEAD;
    }
  }

  #apply(entry: CatalogEntryFile): void {
    this.#catalogId ??= entry.commit.catalogId;
    this.#state.apply(entry.actions);
  }

  async #read(version: number): Promise<CatalogEntryFile | undefined> {
    const path = entryPath(version);
    try {
      return decodeCatalogEntry(await this.#storage.read(path), path);
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }

  async #assertNoGap(missing: number): Promise<void> {
    if ((await this.#read(missing)) !== undefined) return;
    throw new LakeletError(
      "corrupt",
      `${entryPath(missing)} is missing although a later catalog entry is there`,
    );
  }

  async #loadCheckpoint(): Promise<void> {
    const hint = await this.#hint();
    if (hint !== undefined && (await this.#tryCheckpoint(hint.version))) return;
    if ((await this.#read(0)) !== undefined) return;
    // Neither hint nor first entry: an empty catalog, or one whose beginning was cleaned up.
    const versions = await this.#checkpointVersions();
    for (const version of versions.reverse()) if (await this.#tryCheckpoint(version)) return;
    const entries = (await this.#storage.list(CATALOG_DIRECTORY)).filter((file) =>
      /\/\d{20}\.json$/.test(file.path),
    );
    // The first entry may have been written between the two looks.
    if (entries.length === 0 || (await this.#read(0)) !== undefined) return;
    throw new LakeletError("corrupt", `${entryPath(0)} is missing and no checkpoint replaces it`);
  }

  async #tryCheckpoint(version: number): Promise<boolean> {
    const path = checkpointPath(version);
    try {
      const { commit, actions } = decodeCatalogEntry(await this.#storage.read(path), path);
      const state = new CatalogState();
      state.apply(actions);
      this.#state = state;
      this.#version = version;
      this.#catalogId = commit.catalogId;
      this.#lastCheckpointVersion = version;
      return true;
    } catch (error) {
      const usable =
        error instanceof FileNotFoundError || (error instanceof LakeletError && error.kind === "corrupt");
      if (!usable) throw error;
      this.#env.logger.warn("a checkpoint of the catalog cannot be used", { path, error: String(error) });
      return false;
    }
  }

  async #hint(): Promise<CheckpointHint | undefined> {
    try {
      const hint = JSON.parse(
        new TextDecoder().decode(await this.#storage.read(HINT_PATH)),
      ) as CheckpointHint | null;
      if (!isVersion(hint?.version)) return undefined;
      return { version: hint.version, ...(isVersion(hint.previous) ? { previous: hint.previous } : {}) };
    } catch (error) {
      if (error instanceof FileNotFoundError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  async #checkpointVersions(): Promise<number[]> {
    const files = await this.#storage.list(CATALOG_DIRECTORY);
    return files
      .map((file) => /^(\d{20})\.checkpoint\.json$/.exec(baseName(file.path)))
      .filter((match) => match !== null)
      .map((match) => Number(match[1]));
  }

  /** Behind the commit's back: it has landed, nothing here may fail it or hold it up. */
  #scheduleCheckpoint(): void {
    if (this.#upkeep !== undefined || !this.#wantsCheckpoint()) return;
    this.#upkeep = this.#writeCheckpoint()
      .catch((error: unknown) => {
        this.#env.logger.warn("a checkpoint of the catalog could not be written", { error: String(error) });
      })
      .finally(() => {
        this.#upkeep = undefined;
      });
  }

  #wantsCheckpoint(): boolean {
    const interval = Math.min(
      GREATEST_CHECKPOINT_INTERVAL,
      Math.max(LEAST_CHECKPOINT_INTERVAL, Math.floor(this.#state.size / TABLES_PER_ENTRY)),
    );
    return this.#version - this.#lastCheckpointVersion >= interval;
  }

  async #writeCheckpoint(): Promise<void> {
    // Another tab may have made one in the meantime.
    const hint = await this.#hint();
    this.#lastCheckpointVersion = Math.max(this.#lastCheckpointVersion, hint?.version ?? 0);
    if (!this.#wantsCheckpoint()) return;
    const version = this.#version;
    this.#lastCheckpointVersion = version;
    const bytes = encodeCatalogEntry(
      {
        id: this.#env.random.uuid(),
        timestampMs: this.#env.clock.now(),
        operation: "CHECKPOINT",
        ...(this.#catalogId === undefined ? {} : { catalogId: this.#catalogId }),
      },
      this.#state.actions(),
    );
    await this.#storage.putIfAbsent(checkpointPath(version), bytes);
    const newHint: CheckpointHint = { version, ...(hint === undefined ? {} : { previous: hint.version }) };
    await this.#storage.writeHint(HINT_PATH, new TextEncoder().encode(JSON.stringify(newHint)));
    // The one before stays for those who have just read the old hint.
    if (hint?.previous !== undefined) await this.#storage.remove(checkpointPath(hint.previous));
  }
}

/** Says where the newest checkpoint is; never the truth, only a shortcut. */
interface CheckpointHint {
  readonly version: number;
  readonly previous?: number;
}

function isVersion(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function entryPath(version: number): string {
  return `${CATALOG_DIRECTORY}/${String(version).padStart(20, "0")}.json`;
}

function checkpointPath(version: number): string {
  return `${CATALOG_DIRECTORY}/${String(version).padStart(20, "0")}.checkpoint.json`;
}
