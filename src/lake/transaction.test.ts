import { describe, expect, test } from "vitest";
import { ConcurrentModificationException } from "../errors/spark-error.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import type { FilePredicate } from "./file-predicate.ts";
import { changeConfigurationActions } from "./new-table.ts";
import type { IsolationLevel } from "./table-properties.ts";
import { addOf, commitActions, createLog, livePaths, removeOf } from "./testing/log-fixtures.ts";
import { OptimisticTransaction } from "./transaction.ts";

const LEVELS: readonly IsolationLevel[] = ["Serializable", "WriteSerializable", "SnapshotIsolation"];

const pIs = (value: string): FilePredicate => ({ kind: "compare", column: ["p"], operator: "=", value });
const inPartition = (path: string, p: string) => addOf(path, { partitionValues: { p } });

type Winner = "protocol" | "metadata" | "txn" | "blind append" | "append" | "remove read" | "remove removed";

/** The protocol's matrix: what a transaction that read p = 'a' and rewrites a file of it meets. */
const MATRIX: readonly (readonly [Winner, Readonly<Record<IsolationLevel, string | undefined>>])[] = [
  ["protocol", all("ProtocolChangedException")],
  ["metadata", all("MetadataChangedException")],
  ["txn", all("ConcurrentTransactionException")],
  [
    "blind append",
    { Serializable: "ConcurrentAppendException", WriteSerializable: undefined, SnapshotIsolation: undefined },
  ],
  [
    "append",
    {
      Serializable: "ConcurrentAppendException",
      WriteSerializable: "ConcurrentAppendException",
      SnapshotIsolation: undefined,
    },
  ],
  ["remove read", all("ConcurrentDeleteReadException")],
  ["remove removed", all("ConcurrentDeleteReadException")],
];

function all(name: string): Readonly<Record<IsolationLevel, string>> {
  return { Serializable: name, WriteSerializable: name, SnapshotIsolation: name };
}

async function start(level: IsolationLevel) {
  const storage = new MemoryStorage();
  const log = await createLog(storage, {
    partitionColumns: ["p"],
    configuration: { "delta.isolationLevel": level },
  });
  await commitActions(log, [inPartition("a1", "a"), inPartition("a2", "a"), inPartition("b1", "b")]);
  const txn = await OptimisticTransaction.begin(log);
  if (txn === undefined) throw new Error("no table");
  return { log, txn };
}

describe.each(MATRIX)("a commit of the kind %s comes first", (winner, outcomes) => {
  test.each(LEVELS)("under %s", async (level) => {
    const { log, txn } = await start(level);
    expect(txn.filterFiles(pIs("a")).map((file) => file.path)).toEqual(["a1", "a2"]);
    expect(txn.transactionVersion("app")).toBeUndefined();
    const latest = txn.snapshot;
    switch (winner) {
      case "protocol":
        await log.commit(async () => ({
          operation: "UPGRADE",
          protocol: { minReaderVersion: 1, minWriterVersion: 3 },
          actions: [],
          isBlindAppend: true,
        }));
        break;
      case "metadata": {
        const configuration = { ...latest.configuration, x: "y" };
        const change = changeConfigurationActions(latest, { configuration, description: undefined });
        await log.commit(async () => ({ operation: "SET", ...change, actions: [], isBlindAppend: true }));
        break;
      }
      case "txn":
        await commitActions(log, [{ txn: { appId: "app", version: 1 } }]);
        break;
      case "blind append":
        await commitActions(log, [inPartition("a3", "a")]);
        break;
      case "append":
        await commitActions(log, [inPartition("a3", "a")], false);
        break;
      case "remove read":
        await commitActions(log, [removeOf("a2")], false);
        break;
      case "remove removed":
        await commitActions(log, [removeOf("a1")], false);
        break;
    }
    const outcome = txn.commit([removeOf("a1"), inPartition("a1x", "a")], { operation: "UPDATE" });
    const expected = outcomes[level];
    if (expected === undefined) {
      await outcome;
      const live = livePaths((await log.latest())!);
      expect(live).toContain("a1x");
      expect(live).not.toContain("a1");
      return;
    }
    await expect(outcome).rejects.toMatchObject({ name: expected });
    await expect(outcome).rejects.toBeInstanceOf(ConcurrentModificationException);
    expect(livePaths((await log.latest())!)).not.toContain("a1x");
  });
});

describe.each(LEVELS)("what never conflicts, under %s", (level) => {
  test("changes in another partition", async () => {
    const { log, txn } = await start(level);
    txn.filterFiles(pIs("a"));
    await commitActions(log, [removeOf("b1"), inPartition("b2", "b")], false);
    await txn.commit([removeOf("a1")], { operation: "DELETE" });
    expect(
      livePaths((await log.latest())!)
        .slice()
        .sort(),
    ).toEqual(["a2", "b2"]);
  });

  test("blind appends among each other", async () => {
    const { log, txn } = await start(level);
    await commitActions(log, [inPartition("a3", "a")]);
    await txn.commit([inPartition("a4", "a")], { operation: "WRITE" });
    expect((await log.latest())!.files).toHaveLength(5);
  });
});

test("two who remove the same file without having read it: one gets ConcurrentDeleteDelete", async () => {
  const { log, txn } = await start("WriteSerializable");
  await commitActions(log, [removeOf("a1")], false);
  await expect(txn.commit([removeOf("a1")], { operation: "DELETE" })).rejects.toMatchObject({
    name: "ConcurrentDeleteDeleteException",
    message: expect.stringContaining("(for example a1)"),
  });
});

test("rearranging files without changing data goes by snapshot isolation", async () => {
  const { log, txn } = await start("Serializable");
  txn.readWholeTable();
  await commitActions(log, [inPartition("a3", "a")], false);
  const compacted = addOf("compacted", { partitionValues: { p: "a" }, dataChange: false });
  const removed = { remove: { path: "a1", dataChange: false } };
  await txn.commit([removed, compacted], { operation: "OPTIMIZE" });
  const files = (await log.latest())!.files;
  expect(livePaths({ files }).slice().sort()).toEqual(["a2", "a3", "b1", "compacted"]);
});

test("whoever read the whole table conflicts with any change, but for blind appends", async () => {
  const { log, txn } = await start("WriteSerializable");
  txn.readWholeTable();
  await commitActions(log, [inPartition("c1", "c")]);
  const other = (await OptimisticTransaction.begin(log))!;
  other.readWholeTable();
  await txn.commit([inPartition("sum", "z")], { operation: "WRITE" });
  // That one depended on what it read, so it is no blind append for others.
  await expect(other.commit([inPartition("sum2", "z")], { operation: "WRITE" })).rejects.toMatchObject({
    name: "ConcurrentAppendException",
  });
});
