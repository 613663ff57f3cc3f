import { describe, expect, test } from "vitest";
import { LakeletError } from "../errors/lakelet-error.ts";
import { FaultyStorage } from "../storage/faulty-storage.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { CHECKPOINT_SCHEMA, checkpointRows } from "./checkpoint-writer.ts";
import { DeltaLog } from "./delta-log.ts";
import { stringifyExactJson } from "./exact-json.ts";
import { checkpointPartPath } from "./log-names.ts";
import { writeParquet } from "./parquet-writer.ts";
import {
  addOf,
  commitActions,
  createLog,
  livePaths,
  removeOf,
  testEnvironment,
} from "./testing/log-fixtures.ts";

const entry = (version: number, end: string): string =>
  `t/_delta_log/${String(version).padStart(20, "0")}.${end}`;

/** A table of `commits` appends, some files removed, with what upkeep makes of it. */
async function longLog(
  commits: number,
): Promise<{ storage: MemoryStorage; log: DeltaLog; live: readonly string[] }> {
  const storage = new MemoryStorage();
  const log = await createLog(storage);
  for (let n = 1; n < commits; n++) {
    const removed = n % 5 === 0 ? [removeOf(`f${n - 3}`)] : [];
    await commitActions(
      log,
      [addOf(`f${n}`, { stats: `{"numRecords":${n}}` }), ...removed],
      removed.length === 0,
    );
    await log.settled();
  }
  return { storage, log, live: livePaths((await log.latest())!) };
}

function reopen(storage: Storage): DeltaLog {
  return new DeltaLog(storage, "t", testEnvironment());
}

async function rewrite(
  storage: Storage,
  path: string,
  change: (bytes: Uint8Array) => Uint8Array,
): Promise<void> {
  const bytes = change(await storage.read(path));
  await storage.remove(path);
  await storage.writeNew(path, bytes);
}

describe("checkpoints", () => {
  test("are made every ten commits, and later ones only when they are due", async () => {
    const { storage } = await longLog(35);
    const names = (await storage.list("t/_delta_log")).map((file) => file.path);
    expect(names.filter((name) => name.endsWith(".checkpoint.parquet"))).toEqual(
      [10, 20, 30].map((version) => entry(version, "checkpoint.parquet")),
    );
    expect(names).toContain(entry(34, "crc"));
    expect(
      JSON.parse(new TextDecoder().decode(await storage.read("t/_delta_log/_last_checkpoint"))),
    ).toMatchObject({
      version: 30,
    });
  });

  test("give the same table as the commits do", async () => {
    const { storage, live } = await longLog(25);
    const fresh = (await reopen(storage).latest())!;
    expect(livePaths(fresh)).toEqual(live);
    expect(fresh.version).toBe(24);
    for (const file of await storage.list("t/_delta_log")) {
      if (!file.path.endsWith(".json")) await storage.remove(file.path);
    }
    const replayed = (await reopen(storage).latest())!;
    expect(livePaths(replayed)).toEqual(live);
    expect(replayed.totals).toEqual(fresh.totals);
    expect(replayed.metadata).toEqual(fresh.metadata);
  });

  test("keep a table readable whose early commits are gone", async () => {
    const { storage, live } = await longLog(25);
    for (let version = 0; version <= 15; version++) await storage.remove(entry(version, "json"));
    expect(livePaths((await reopen(storage).latest())!)).toEqual(live);
    await expect(reopen(storage).atVersion(3)).rejects.toMatchObject({
      message: expect.stringContaining("DELTA_TRUNCATED_TRANSACTION_LOG"),
    });
  });

  test.each([
    ["lost", (s: Storage) => s.remove("t/_delta_log/_last_checkpoint")],
    [
      "torn",
      (s: Storage) => s.writeHint("t/_delta_log/_last_checkpoint", new TextEncoder().encode('{"versi')),
    ],
    [
      "stale",
      (s: Storage) =>
        s.writeHint("t/_delta_log/_last_checkpoint", new TextEncoder().encode('{"version":10}')),
    ],
    [
      "wrong",
      (s: Storage) =>
        s.writeHint("t/_delta_log/_last_checkpoint", new TextEncoder().encode('{"version":77}')),
    ],
    [
      "of another kind",
      (s: Storage) => s.writeHint("t/_delta_log/_last_checkpoint", new TextEncoder().encode("null")),
    ],
  ])("a hint that is %s costs nothing but time", async (_, damage) => {
    const { storage, live } = await longLog(80);
    await damage(storage);
    const fresh = (await reopen(storage).latest())!;
    expect(fresh.version).toBe(79);
    expect(livePaths(fresh).slice().sort()).toEqual(live.slice().sort());
  });

  test.each([
    ["cut", (bytes: Uint8Array) => bytes.slice(0, bytes.length / 2)],
    ["empty", () => new Uint8Array()],
    ["no Parquet", () => new TextEncoder().encode("PAR1 but not really PAR1")],
  ])("one that is %s is passed over", async (_, damage) => {
    const { storage, live } = await longLog(25);
    await rewrite(storage, entry(20, "checkpoint.parquet"), damage);
    expect(
      livePaths((await reopen(storage).latest())!)
        .slice()
        .sort(),
    ).toEqual(live.slice().sort());
  });

  test("in several parts, and of version 2 with sidecars, are read", async () => {
    const { storage, log, live } = await longLog(9);
    const snapshot = (await log.latest())!;
    const rows = checkpointRows(snapshot, 0);
    const half = Math.ceil(rows.length / 2);
    const parts = [rows.slice(0, half), rows.slice(half)];
    for (const [i, part] of parts.entries()) {
      await storage.writeNew(
        `t/${checkpointPartPath(8, i + 1, 2)}`,
        await writeParquet(part, CHECKPOINT_SCHEMA),
      );
    }
    for (let version = 0; version <= 8; version++) await storage.remove(entry(version, "json"));
    expect(livePaths((await reopen(storage).latest())!)).toEqual(live);
    // A part is missing: the checkpoint does not count, and nothing else is left.
    await storage.remove(`t/${checkpointPartPath(8, 2, 2)}`);
    expect(await reopen(storage).latest()).toBeUndefined();

    const files = rows.filter((row) => "add" in row || "remove" in row);
    const others = rows.filter((row) => !("add" in row || "remove" in row));
    await storage.writeNew(
      "t/_delta_log/_sidecars/side.parquet",
      await writeParquet(files, CHECKPOINT_SCHEMA),
    );
    const lines = [
      { checkpointMetadata: { version: 8 } },
      ...others,
      { sidecar: { path: "side.parquet", sizeInBytes: 1, modificationTime: 1 } },
    ];
    await storage.writeNew(
      entry(8, "checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json"),
      new TextEncoder().encode(lines.map((line) => `${stringifyExactJson(line)}\n`).join("")),
    );
    expect(livePaths((await reopen(storage).latest())!)).toEqual(live);
  });

  test("that cannot be written fail no commit", async () => {
    const failing = testEnvironment({
      writeParquet: async () => {
        throw new Error("no memory");
      },
    });
    const storage = new MemoryStorage();
    const log = await createLog(storage, {}, failing);
    for (let n = 0; n < 30; n++) await commitActions(log, [addOf(`f${n}`)]);
    await log.settled();
    expect((await reopen(storage).latest())!.files).toHaveLength(30);
  });
});

describe("a damaged commit is refused with its path, whatever is damaged", () => {
  test("every cut and many flips of one byte", async () => {
    const { storage } = await longLog(6);
    const path = entry(5, "json");
    const bytes = await storage.read(path);
    const firstLine = bytes.indexOf(10) + 1;
    for (let at = 0; at < bytes.length; at++) {
      const damaged = [bytes.slice(0, at)];
      // A flip in commitInfo changes words about the commit, not the table; the JSON may even stay whole.
      if (at >= firstLine) damaged.push(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)));
      for (const content of damaged) {
        await rewrite(storage, path, () => content);
        const outcome = await reopen(storage)
          .latest()
          .then(
            (snapshot) => snapshot,
            (error: unknown) => error,
          );
        expect(outcome, `at ${at}`).toBeInstanceOf(LakeletError);
        expect(outcome).toMatchObject({ kind: "corrupt", message: expect.stringContaining(path) });
      }
    }
  });

  test("a version that is missing in between", async () => {
    const { storage } = await longLog(9);
    await storage.remove(entry(5, "json"));
    await expect(reopen(storage).latest()).rejects.toMatchObject({
      message: expect.stringContaining("Versions (4, 6) are not contiguous"),
    });
  });
});

test("a log that begins in the middle is not taken for an empty table", async () => {
  const { storage } = await longLog(5);
  await storage.remove(entry(0, "json"));
  await expect(reopen(storage).latest()).rejects.toMatchObject({
    message: expect.stringContaining("DELTA_TRUNCATED_TRANSACTION_LOG"),
  });
});

test("a table feature that is not known is refused by name, for reading and writing", async () => {
  const storage = new MemoryStorage();
  const log = await createLog(storage);
  await log.commit(async () => ({
    operation: "UPGRADE",
    protocol: {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ["deletionVectors"],
      writerFeatures: ["deletionVectors", "appendOnly"],
    },
    actions: [],
    isBlindAppend: true,
  }));
  const protocolLine = (reader: string[], writer: string[]): Uint8Array =>
    new TextEncoder().encode(
      `${JSON.stringify({ protocol: { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: reader, writerFeatures: writer } })}\n`,
    );
  await storage.writeNew(entry(2, "json"), protocolLine([], ["rowTracking", "appendOnly"]));
  const fresh = reopen(storage);
  expect((await fresh.latest())?.version).toBe(2);
  await expect(commitActions(fresh, [addOf("f")])).rejects.toMatchObject({
    name: "UnsupportedOperationException",
    message: expect.stringContaining(
      'requires writer table feature(s) that are unsupported by this version of Delta Lake "Lakelet": rowTracking',
    ),
  });
  await storage.writeNew(entry(3, "json"), protocolLine(["hoverboards"], ["hoverboards"]));
  await expect(reopen(storage).latest()).rejects.toMatchObject({
    message: expect.stringContaining("requires reader table feature(s) that are unsupported"),
  });
  await expect(fresh.latest()).rejects.toMatchObject({ message: expect.stringContaining("hoverboards") });
});

test("an append-only table gives nothing away", async () => {
  const log = await createLog(new MemoryStorage(), { configuration: { "delta.appendOnly": "true" } });
  await commitActions(log, [addOf("f")]);
  await expect(commitActions(log, [removeOf("f")], false)).rejects.toMatchObject({
    message: expect.stringContaining("This table is configured to only allow appends"),
  });
});

test("timestamps grow with versions although the clock goes back", async () => {
  let now = Date.UTC(2024, 0, 1);
  const env = testEnvironment({ clock: { now: () => (now -= 60_000), sleep: async () => {} } });
  const log = await createLog(new MemoryStorage(), {}, env);
  for (let n = 0; n < 5; n++) await commitActions(log, [addOf(`f${n}`)]);
  const commits = await log.history();
  const times = commits.map((commit) =>
    "commitInfo" in commit.actions[0]! ? commit.actions[0].commitInfo.timestamp : 0,
  );
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(new Set(times).size).toBe(6);
});

test("reads what a version holds once, and then looks at the next name only", async () => {
  const { storage } = await longLog(40);
  const counted = new FaultyStorage(storage);
  const log = reopen(counted);
  await log.latest();
  // Hint, checkpoint and its date, then the commits after it.
  expect(counted.calls.length).toBeLessThan(40);
  const before = counted.calls.length;
  await log.latest();
  expect(counted.calls.slice(before).map((call) => call.target)).toEqual([entry(40, "json")]);
});
