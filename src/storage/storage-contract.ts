import { LakeletError } from "../errors/lakelet-error.ts";
import { InvalidPathError } from "./paths.ts";
import type { Storage } from "./storage.ts";
import { FileExistsError, FileNotFoundError } from "./storage.ts";

/** One promise of the `Storage` interface, checkable in any realm: Vitest runs them in Node, a page in a browser. */
export interface StorageContractCase {
  readonly name: string;
  /** `open` gives a further object on the same, initially empty, tree of files. Throws when the promise is broken. */
  run(open: () => Promise<Storage>): Promise<void>;
}

/** Every promise of `Storage`. Each case wants a tree of its own. */
export const STORAGE_CONTRACT: readonly StorageContractCase[] = [
  {
    name: "gives back what was written, whole and in part",
    async run(open) {
      const storage = await open();
      const info = await storage.writeNew("a/b/file.bin", bytes("hello world"));
      equal(info.path, "a/b/file.bin");
      equal(info.sizeBytes, 11);
      equal(text(await storage.read("a/b/file.bin")), "hello world");
      equal(text(await storage.read("a/b/file.bin", { start: 6, end: 9 })), "wor");
      equal(text(await storage.read("a/b/file.bin", { start: 6, end: 99 })), "world");
      equal(text(await storage.read("a/b/file.bin", { start: 11, end: 20 })), "");
      const blob = await storage.openBlob("a/b/file.bin");
      equal(blob.size, 11);
      equal(await blob.slice(0, 5).text(), "hello");
    },
  },
  {
    name: "writes a stream of chunks, and files without content",
    async run(open) {
      const storage = await open();
      const reused = new Uint8Array(4);
      async function* chunks(): AsyncGenerator<Uint8Array> {
        for (const part of ["one ", "two ", "3456"]) {
          reused.set(bytes(part));
          yield reused;
        }
      }
      equal((await storage.writeNew("streamed", chunks())).sizeBytes, 12);
      equal(text(await storage.read("streamed")), "one two 3456");
      await storage.writeNew("empty", new Uint8Array());
      equal((await storage.stat("empty"))?.sizeBytes, 0);
      equal((await storage.read("empty")).byteLength, 0);
    },
  },
  {
    name: "keeps its own copy of the bytes it was given and gives away copies",
    async run(open) {
      const storage = await open();
      const data = bytes("abc");
      await storage.writeNew("f", data);
      equal(data.byteLength, 3, "the caller's bytes were taken away");
      data.fill(0);
      const first = await storage.read("f");
      equal(text(first), "abc");
      first.fill(0);
      equal(text(await storage.read("f")), "abc");
    },
  },
  {
    name: "refuses to write over a file",
    async run(open) {
      const storage = await open();
      await storage.writeNew("f", bytes("first"));
      await rejects(storage.writeNew("f", bytes("second")), FileExistsError);
      equal(text(await storage.read("f")), "first");
    },
  },
  {
    name: "says by class that a file is missing",
    async run(open) {
      const storage = await open();
      const error = await rejects(storage.read("no/such"), FileNotFoundError);
      equal((error as FileNotFoundError).path, "no/such");
      await rejects(storage.openBlob("missing"), FileNotFoundError);
      equal(await storage.stat("no/such"), undefined);
      equal(await storage.remove("no/such"), false);
      await storage.removeDirectory("no/such");
      equal((await storage.list("no/such")).length, 0);
      equal((await storage.listDirectories("no/such")).length, 0);
    },
  },
  {
    name: "refuses paths that climb out or are no paths",
    async run(open) {
      const storage = await open();
      for (const path of ["", "/abs", "a//b", "../out", "a/../../out", "a/./b", "a/", "..", "a\\b", "a\0b"]) {
        await rejects(storage.writeNew(path, bytes("x")), InvalidPathError, path);
        await rejects(storage.putIfAbsent(path, bytes("x")), InvalidPathError, path);
        await rejects(storage.read(path), InvalidPathError, path);
      }
      await rejects(storage.list("../"), InvalidPathError);
      await rejects(storage.removeDirectory(".."), InvalidPathError);
    },
  },
  {
    name: "takes any other name as it is",
    async run(open) {
      const storage = await open();
      const names = [
        "with space",
        "a=1%2F2",
        "ünï",
        "#?&",
        "..hidden",
        "x..y",
        "Ä/日本",
        "UPPER",
        "a+b'c\"d",
      ];
      for (const name of names) await storage.writeNew(`names/${name}`, bytes(name));
      for (const name of names) equal(text(await storage.read(`names/${name}`)), name);
      equal((await storage.list("names", { recursive: true })).length, names.length);
    },
  },
  {
    name: "lists in order of path, deep or flat, siblings with the same prefix apart",
    async run(open) {
      const storage = await open();
      for (const path of ["t/b", "t/a", "t/sub/c", "t/sub/deep/d", "t2/e", "t-x/f", "g"]) {
        await storage.writeNew(path, bytes(path));
      }
      equal((await storage.list("t")).map((f) => f.path).join(), "t/a,t/b");
      const deep = await storage.list("t", { recursive: true });
      equal(deep.map((f) => f.path).join(), "t/a,t/b,t/sub/c,t/sub/deep/d");
      equal(deep.map((f) => f.sizeBytes).join(), "3,3,7,12");
      equal((await storage.listDirectories("")).join(), "t,t-x,t2");
      equal((await storage.listDirectories("t")).join(), "sub");
      equal((await storage.list("")).map((f) => f.path).join(), "g");
    },
  },
  {
    name: "removes files and whole directories, and lets their names be used again",
    async run(open) {
      const storage = await open();
      for (const path of ["t/a", "t/sub/b", "t2/c"]) await storage.writeNew(path, bytes("x"));
      equal(await storage.remove("t/a"), true);
      equal(await storage.remove("t/a"), false);
      await storage.removeDirectory("t");
      equal((await storage.list("", { recursive: true })).map((f) => f.path).join(), "t2/c");
      await storage.writeNew("t/a", bytes("again"));
      equal(text(await storage.read("t/a")), "again");
    },
  },
  {
    name: "puts a file only where none is, and only one of many who try",
    async run(open) {
      const storages = await Promise.all([open(), open(), open(), open()]);
      const first = storages[0] as Storage;
      for (let round = 0; round < 10; round++) {
        const path = `log/${round}`;
        const won = await Promise.all(storages.map((s, i) => s.putIfAbsent(path, bytes(`writer ${i}`))));
        equal(won.filter(Boolean).length, 1);
        equal(text(await first.read(path)), `writer ${won.indexOf(true)}`);
        equal(await first.putIfAbsent(path, bytes("late")), false);
      }
      equal((await first.list("", { recursive: true })).length, 10);
    },
  },
  {
    name: "replaces hints",
    async run(open) {
      const storage = await open();
      await storage.writeHint("log/hint", bytes("one"));
      await storage.writeHint("log/hint", bytes("two two"));
      equal(text(await storage.read("log/hint")), "two two");
      equal((await storage.list("", { recursive: true })).map((f) => f.path).join(), "log/hint");
    },
  },
  {
    name: "shows at once what another object on the same tree did",
    async run(open) {
      const [a, b] = [await open(), await open()];
      await a.writeNew("d/f", bytes("x"));
      equal(text(await b.read("d/f")), "x");
      await b.removeDirectory("d");
      equal(await a.stat("d/f"), undefined);
      await a.writeNew("d/f", bytes("y"));
      equal(text(await b.read("d/f")), "y");
    },
  },
  {
    name: "runs exclusive sections one at a time, in the order they asked, across objects",
    async run(open) {
      const storages = await Promise.all([open(), open()]);
      const order: number[] = [];
      let inside = 0;
      const section = (i: number): Promise<number> =>
        (storages[i % 2] as Storage).exclusive("lock", async (lock) => {
          inside++;
          equal(inside, 1);
          await pause(3);
          await lock.assertHeld();
          order.push(i);
          inside--;
          return i;
        });
      const results = await Promise.all([0, 2, 4, 6].map(section));
      equal(results.join(), "0,2,4,6");
      equal(order.join(), "0,2,4,6");
      await Promise.all([0, 1, 2, 3, 4, 5].map(section));
    },
  },
  {
    name: "keeps locks of different names apart and passes errors on",
    async run(open) {
      const storage = await open();
      const value = await storage.exclusive("a", () => storage.exclusive("b", async () => "both"));
      equal(value, "both");
      const failure = storage.exclusive("a", async () => {
        throw new RangeError("inside");
      });
      await rejects(failure, RangeError);
      equal(await storage.exclusive("a", async () => 1), 1);
    },
  },
  {
    name: "lets shared holders in together and keeps an exclusive one out",
    async run(open) {
      const [a, b] = [await open(), await open()];
      let both: () => void = () => {};
      const together = new Promise<void>((resolve) => {
        both = resolve;
      });
      let inside = 0;
      const enter = async (): Promise<void> => {
        inside++;
        if (inside === 2) both();
        await together;
        equal((await b.tryExclusive("lock", async () => 1)).ran, false);
        inside--;
      };
      await Promise.all([a.shared("lock", enter), b.shared("lock", enter)]);
      const free = await b.tryExclusive("lock", async () => inside);
      equal(free.ran && free.value === 0, true);
      await a.exclusive("lock", async () => equal((await b.tryExclusive("lock", async () => 1)).ran, false));
    },
  },
  {
    name: "makes an exclusive section wait for shared holders",
    async run(open) {
      const [a, b] = [await open(), await open()];
      let sharedEnded = false;
      let started: () => void = () => {};
      const running = new Promise<void>((resolve) => {
        started = resolve;
      });
      const holder = a.shared("lock", async () => {
        started();
        await pause(30);
        sharedEnded = true;
      });
      await running;
      await b.exclusive("lock", async () => equal(sharedEnded, true));
      await holder;
    },
  },
  {
    name: "stops waiting for a lock when told so",
    async run(open) {
      const [a, b] = [await open(), await open()];
      await a.exclusive("lock", async () => {
        const controller = new AbortController();
        const waiting = b.exclusive("lock", async () => 1, { signal: controller.signal });
        setTimeout(() => controller.abort(), 20);
        const error = await rejects(waiting, LakeletError);
        equal((error as LakeletError).kind, "aborted");
      });
      equal(await b.exclusive("lock", async () => 2), 2);
    },
  },
  {
    name: "can be opened again by its descriptor's kind",
    async run(open) {
      const storage = await open();
      equal(["opfs", "disk", "memory", "handle"].includes(storage.descriptor().kind), true);
      const heard: string[] = [];
      const stop = storage.subscribe((topic) => heard.push(topic));
      storage.notify("topic");
      stop();
      await storage.close();
    },
  },
];

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

function equal(actual: unknown, expected: unknown, what = "unexpected value"): void {
  if (!Object.is(actual, expected)) {
    throw new Error(`${what}: got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
  }
}

async function rejects(
  promise: Promise<unknown>,
  errorClass: abstract new (...args: never[]) => Error,
  what = "",
): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof errorClass) return error as Error;
    throw new Error(`expected ${errorClass.name}, got ${String(error)} ${what}`, { cause: error });
  }
  throw new Error(`expected ${errorClass.name}, but nothing was thrown ${what}`);
}
