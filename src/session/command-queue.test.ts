import { describe, expect, test, vi } from "vitest";
import { CommandQueue } from "./command-queue.ts";

function queue(patienceMs = 5) {
  const reported: unknown[] = [];
  return { reported, queue: new CommandQueue({ report: (error) => reported.push(error), patienceMs }) };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("CommandQueue", () => {
  test("runs commands one after the other, in the order given", async () => {
    const { queue: q } = queue();
    const log: string[] = [];
    const command = (name: string, ms: number) => async () => {
      log.push(`${name} begins`);
      await later(ms);
      log.push(`${name} ends`);
    };
    q.push(command("a", 10));
    q.push(command("b", 0));
    await q.settled();
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  test("gives a command's result", async () => {
    const { queue: q } = queue();
    expect(await q.push(async () => 7)).toBe(7);
  });

  test("a failure comes up once with the next call, and then the queue goes on", async () => {
    const { queue: q, reported } = queue();
    q.push(async () => {
      throw new Error("first");
    });
    await expect(q.settled()).rejects.toThrow("first");
    await q.settled();
    expect(await q.push(async () => 1)).toBe(1);
    await later(20);
    expect(reported).toEqual([]);
  });

  test("commands behind a failure that nobody knows of do not run and fail for the same reason", async () => {
    const { queue: q } = queue();
    const behind = vi.fn(async () => 1);
    q.push(async () => {
      throw new Error("first");
    });
    const result = q.push(behind);
    await expect(result).rejects.toThrow("first");
    expect(behind).not.toHaveBeenCalled();
    await q.settled();
  });

  test("a failure that is awaited where it happens is no one else's", async () => {
    const { queue: q, reported } = queue();
    const failing = q.push(async () => {
      throw new Error("mine");
    });
    await expect(failing).rejects.toThrow("mine");
    await q.settled();
    await later(20);
    expect(reported).toEqual([]);
  });

  test("a failure that nobody asks for is reported", async () => {
    const { queue: q, reported } = queue();
    q.push(async () => {
      throw new Error("lost");
    });
    await later(40);
    expect(reported.map(String)).toEqual(["Error: lost"]);
  });

  test("drained waits for commands that commands add, and tells of no failure", async () => {
    const { queue: q } = queue();
    const log: number[] = [];
    q.push(async () => {
      q.push(async () => {
        await later(5);
        log.push(2);
        throw new Error("ignored here");
      });
      log.push(1);
    });
    await q.drained();
    expect(log).toEqual([1, 2]);
    expect(q.pending).toBe(0);
  });
});
