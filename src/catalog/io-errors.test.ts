import { describe, expect, test } from "vitest";
import { LakeletError } from "../errors/lakelet-error.ts";
import { AmbiguousCommitError } from "../lake/ambiguous-commit-error.ts";
import { crashEffects, FaultyStorage } from "../storage/faulty-storage.ts";
import { FileNotFoundError } from "../storage/storage.ts";
import { copyStorage, FAULT_SCENARIOS, prepareStorage, visibleState } from "./testing/fault-scenarios.ts";
import { openWarehouse } from "./warehouse.ts";

const prepared = await prepareStorage();
const before = await visibleState(prepared);

const ERRORS: readonly { readonly name: string; readonly make: (path: string) => Error }[] = [
  { name: "quota", make: (path) => new LakeletError("quota", `full at ${path}`) },
  { name: "not found", make: (path) => new FileNotFoundError(path) },
  {
    name: "no modification allowed",
    make: (path) => new LakeletError("unavailable", `in use: ${path}`, { retryable: true }),
  },
  { name: "unknown", make: (path) => new DOMException(`broken: ${path}`, "InvalidStateError") },
];

describe.each(FAULT_SCENARIOS)("each storage call fails once in: $name", ({ run, isInvisible = false }) => {
  test.each([
    ["without effect", "fail"],
    ["after its effect", "failAfter"],
  ] as const)("%s: what was told is what is there, and a retry works", async (_, kind) => {
    const clean = new FaultyStorage(await copyStorage(prepared));
    const done = await openWarehouse(clean);
    await run(done);
    await done.settled();
    const after = await visibleState(clean);
    for (const { index, operation } of clean.calls) {
      // Reads fail alike whatever the reason, so each gets one reason in turn.
      const changes = crashEffects(operation).length > 1;
      for (const { name, make } of changes ? ERRORS : [ERRORS[index % ERRORS.length]!]) {
        const storage = await copyStorage(prepared);
        const failing = new FaultyStorage(storage, (call) =>
          call.index === index ? { kind, error: make(call.target) } : undefined,
        );
        let failure: unknown;
        const warehouse = await openWarehouse(failing).catch((error: unknown) => {
          failure = error;
          return undefined;
        });
        if (warehouse !== undefined) {
          await run(warehouse).catch((error: unknown) => {
            failure = error;
          });
          await warehouse.settled();
        }
        const call = clean.calls[index];
        const where = `${name} at ${call?.operation} ${call?.target}: ${String(failure)}`;
        const found = await visibleState(storage);
        if (failure instanceof AmbiguousCommitError) expect([before, after], where).toContainEqual(found);
        else expect(found, where).toEqual(failure === undefined ? after : before);
        if (failure !== undefined) expect(String(failure), where).not.toMatch(/TypeError|undefined/);
        if (JSON.stringify(found) === JSON.stringify(before)) {
          // What leaves no trace may not have come to the failing call yet.
          await run(isInvisible || warehouse === undefined ? await openWarehouse(storage) : warehouse);
          expect(await visibleState(storage), `again after ${where}`).toEqual(after);
        }
      }
    }
  });
});
