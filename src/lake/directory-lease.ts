import type { Storage } from "../storage/storage.ts";

/** The lock that collectors take on a directory before they remove it. */
export function directoryLockName(directory: string): string {
  return `data:${directory}`;
}

/** A shared hold on a directory: as long as it lasts nobody collects what is in there. */
export class DirectoryLease {
  readonly directory: string;
  readonly #release: () => void;
  readonly #ended: Promise<unknown>;

  private constructor(directory: string, release: () => void, ended: Promise<unknown>) {
    this.directory = directory;
    this.#release = release;
    this.#ended = ended;
  }

  static async take(storage: Storage, directory: string): Promise<DirectoryLease> {
    return new Promise((resolve, reject) => {
      let release = (): void => {};
      const released = new Promise<void>((done) => {
        release = done;
      });
      const ended = storage.shared(directoryLockName(directory), () => {
        // `ended` is not assigned yet when the lock is granted at once.
        queueMicrotask(() => resolve(new DirectoryLease(directory, release, ended)));
        return released;
      });
      ended.catch(reject);
    });
  }

  async release(): Promise<void> {
    this.#release();
    await this.#ended.catch(() => {});
  }
}
