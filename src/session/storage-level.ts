import type { StorageLevel as PlainStorageLevel } from "./backend.ts";

/** Where the rows of a cached DataFrame are kept. */
export class StorageLevel implements PlainStorageLevel {
  static readonly NONE = new StorageLevel(false, false, false, false);
  static readonly DISK_ONLY = new StorageLevel(true, false, false, false);
  static readonly DISK_ONLY_2 = new StorageLevel(true, false, false, false, 2);
  static readonly DISK_ONLY_3 = new StorageLevel(true, false, false, false, 3);
  static readonly MEMORY_ONLY = new StorageLevel(false, true, false, false);
  static readonly MEMORY_ONLY_2 = new StorageLevel(false, true, false, false, 2);
  static readonly MEMORY_AND_DISK = new StorageLevel(true, true, false, false);
  static readonly MEMORY_AND_DISK_2 = new StorageLevel(true, true, false, false, 2);
  static readonly OFF_HEAP = new StorageLevel(true, true, true, false);
  static readonly MEMORY_AND_DISK_DESER = new StorageLevel(true, true, false, true);

  readonly useDisk: boolean;
  readonly useMemory: boolean;
  readonly useOffHeap: boolean;
  readonly deserialized: boolean;
  readonly replication: number;

  constructor(
    useDisk: boolean,
    useMemory: boolean,
    useOffHeap: boolean,
    deserialized: boolean,
    replication = 1,
  ) {
    this.useDisk = useDisk;
    this.useMemory = useMemory;
    this.useOffHeap = useOffHeap;
    this.deserialized = deserialized;
    this.replication = replication;
  }

  /** The class of a plain level, as backends report it. */
  static from(level: PlainStorageLevel): StorageLevel {
    const { useDisk, useMemory, useOffHeap, deserialized, replication } = level;
    return new StorageLevel(useDisk, useMemory, useOffHeap, deserialized, replication);
  }

  /** The plain data, as backends take it. */
  plain(): PlainStorageLevel {
    const { useDisk, useMemory, useOffHeap, deserialized, replication } = this;
    return { useDisk, useMemory, useOffHeap, deserialized, replication };
  }

  equals(other: unknown): boolean {
    return (
      other instanceof StorageLevel &&
      this.useDisk === other.useDisk &&
      this.useMemory === other.useMemory &&
      this.useOffHeap === other.useOffHeap &&
      this.deserialized === other.deserialized &&
      this.replication === other.replication
    );
  }

  /** As PySpark prints it: `Disk Memory Deserialized 1x Replicated`. */
  toString(): string {
    const parts = [
      this.useDisk ? "Disk " : "",
      this.useMemory ? "Memory " : "",
      this.useOffHeap ? "OffHeap " : "",
      this.deserialized ? "Deserialized " : "Serialized ",
    ];
    return `${parts.join("")}${this.replication}x Replicated`;
  }
}
