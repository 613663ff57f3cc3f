import { gzipSync } from "node:zlib";
import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { parquetReadObjects } from "hyparquet";
import { afterAll, describe, expect, it } from "vitest";
import {
  bulkConvert,
  convert,
  fileSink,
  fileSource,
  ParallelWorkers,
  parallelRead,
  parallelWrite,
  pipeline,
} from "../node/parallel.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import type { Storage } from "../storage/storage.ts";

const pool = new ParallelWorkers({ size: 2 });
afterAll(() => pool.close());

/** Made by Python's `zipfile`: a.csv and sub/b.jsonl deflated, readme.txt and c.csv stored. */
const ZIP = Buffer.from(
  "UEsDBBQAAAAIAPZJdV1sWvbAEgAAABAAAAAFAAAAYS5jc3bLTNHJS8xN5TLUqeAy0qnkAgBQSwMEFAAAAAgA9kl1XW21Pf0ZAAAA" +
    "hAMAAAsAAABzdWIvYi5qc29ubKtWykxRsjKu5aoGM0xgjFGRUZFREfqIAABQSwMEFAAAAAAAAAAhADJWMfIHAAAABwAAAAoAAABy" +
    "ZWFkbWUudHh0bm8gZGF0YVBLAwQUAAAAAAAAACEAB2OCBQUAAAAFAAAABQAAAGMuY3N2aWQKOQpQSwECFAMUAAAACAD2SXVdbFr2" +
    "wBIAAAAQAAAABQAAAAAAAAAAAAAAgAEAAAAAYS5jc3ZQSwECFAMUAAAACAD2SXVdbbU9/RkAAACEAwAACwAAAAAAAAAAAAAAgAE1" +
    "AAAAc3ViL2IuanNvbmxQSwECFAMUAAAAAAAAACEAMlYx8gcAAAAHAAAACgAAAAAAAAAAAAAAgAF3AAAAcmVhZG1lLnR4dFBLAQIU" +
    "AxQAAAAAAAAAIQAHY4IFBQAAAAUAAAAFAAAAAAAAAAAAAACAAaYAAABjLmNzdlBLBQYAAAAABAAEANcAAADOAAAAAAA=",
  "base64",
);

async function put(storage: Storage, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await storage.writeNew(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
  }
}

async function text(storage: Storage, path: string): Promise<string> {
  return new TextDecoder().decode(await storage.read(path));
}

async function parquet(storage: Storage, path: string): Promise<Record<string, unknown>[]> {
  const bytes = await storage.read(path);
  return parquetReadObjects({ file: bytes.slice().buffer as ArrayBuffer });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("convert", () => {
  it("reads quotes, line ends in cells, other delimiters, compression and texts as they are", async () => {
    const storage = new MemoryStorage();
    await put(storage, {
      "a.csv": 'id,name,"no\nte"\r\n1,"Ann ""A"", x",\r\n2,,"l1\nl2"\r\n007,Zoë,z\r\n',
      "b.tsv.gz": gzipSync("id\tname\n1\tx,y\n"),
      "c.csv": "\u{FEFF}id;id;\n1;2;3\n",
    });
    await convert("a.csv", "a.jsonl", { location: storage });
    expect(
      (await text(storage, "a.jsonl"))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { id: "1", name: 'Ann "A", x', "no\nte": "" },
      { id: "2", name: "", "no\nte": "l1\nl2" },
      { id: "007", name: "Zoë", "no\nte": "z" },
    ]);
    await convert("b.tsv.gz", "b.json", { location: storage });
    expect(JSON.parse(await text(storage, "b.json"))).toEqual([{ id: "1", name: "x,y" }]);
    await convert("c.csv", "c.jsonl", { location: storage, iterableArgs: { delimiter: ";" } });
    expect(JSON.parse(await text(storage, "c.jsonl"))).toEqual({ id: "1", id_1: "2", _c2: "3" });
  });

  it("keeps values through every format", async () => {
    const storage = new MemoryStorage();
    const records = [
      { id: 1, big: 12345678901, x: 1.5, ok: true, name: "a", tags: ["p", "q"], in: { deep: 1, text: "t" } },
      { id: 2, big: -1, x: 2, ok: false, name: null, tags: [], in: { deep: 2, text: null } },
    ];
    await put(storage, { "a.json": JSON.stringify(records) });
    for (const ext of ["parquet", "arrow", "jsonl", "jsonl.gz", "json.deflate", "delta"]) {
      await convert("a.json", `to.${ext}`, { location: storage });
      await convert(`to.${ext}`, `back.${ext}.json`, { location: storage });
      expect([ext, JSON.parse(await text(storage, `back.${ext}.json`))]).toEqual([ext, records]);
    }
    const table = tableFromIPC(await storage.read("to.arrow"));
    expect(table.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "id Int64",
      "big Int64",
      "x Float64",
      "ok Bool",
      "name Utf8",
      "tags List<Utf8>",
      "in Struct<{deep:Int64, text:Utf8}>",
    ]);
    expect(await parquet(storage, "to.parquet")).toEqual(
      records.map(({ id, big, in: { deep, text }, ...rest }) => ({
        id: BigInt(id),
        big: BigInt(big),
        ...rest,
        in: { deep: BigInt(deep), text },
      })),
    );
    await put(storage, { "b.arrow": tableToIPC(tableFromArrays({ a: Int32Array.of(1, 2) }), "file") });
    await convert("b.arrow", "b.csv", { location: storage });
    expect(await text(storage, "b.csv")).toBe("a\n1\n2\n");
  });

  it("finds numbers when told to, and says when a later record does not fit", async () => {
    const storage = new MemoryStorage();
    const rows = Array.from({ length: 1_500 }, (_, i) => (i === 1_200 ? "oops" : String(i)));
    await put(storage, { "n.csv": `n\n${rows.join("\n")}\n` });
    const options = { location: storage, iterableArgs: { inferTypes: true } };
    await expect(convert("n.csv", "n.parquet", options)).rejects.toThrow(
      /record 1200, column n is a long.*scanLimit/,
    );
    expect(await storage.stat("n.parquet")).toBeUndefined();
    await expect(convert("n.csv", "n.parquet", { ...options, scanLimit: 0 })).rejects.toThrow(
      "long and string",
    );
    await convert("n.csv", "n.parquet", { location: storage });
    expect((await parquet(storage, "n.parquet"))[1_200]).toEqual({ n: "oops" });
  });

  it("flattens structs", async () => {
    const storage = new MemoryStorage();
    await put(storage, { "a.jsonl": '{"a":{"b":1,"c":{"d":"x"}},"e":[1]}\n' });
    await convert("a.jsonl", "a.csv", { location: storage, isFlatten: true });
    expect(await text(storage, "a.csv")).toBe("a.b,a.c.d,e\n1,x,[1]\n");
  });

  it("refuses what it cannot do, by name", async () => {
    const storage = new MemoryStorage();
    await put(storage, { "a.csv": "a\n1\n", "bad.parquet": "not parquet" });
    await expect(convert("a.csv", "a.xlsx", { location: storage })).rejects.toThrow("a.xlsx");
    await expect(convert("a.csv", "a.csv.zst", { location: storage })).rejects.toThrow("zstd");
    await expect(convert("bad.parquet", "b.csv", { location: storage })).rejects.toThrow();
    await expect(convert("missing.csv", "b.csv", { location: storage })).rejects.toThrow("missing.csv");
    expect(await storage.stat("b.csv")).toBeUndefined();
  });
});

describe.each([
  ["one after the other", {}],
  ["in workers", { parallel: true, pool }],
])("bulkConvert %s", (_, mode) => {
  it("converts all that match, and goes on after a bad file", async () => {
    const storage = new MemoryStorage();
    await put(storage, {
      "raw/a.csv": "id\n1\n2\n",
      "raw/b.csv.gz": gzipSync("id\n3\n"),
      "raw/c.csv": "id\n1,2\n",
      "raw/a.jsonl": '{"id":5}\n',
      "raw/note.txt": "no data",
      "raw/deep/d.csv": "id\n9\n",
    });
    const seen: number[] = [];
    const result = await bulkConvert("raw/*.{csv,csv.gz,jsonl}", "out/", {
      location: storage,
      toExt: "parquet",
      useTotals: true,
      progress: ({ fraction }) => seen.push(fraction ?? -1),
      ...mode,
    });
    expect(result).toMatchObject({
      totalFiles: 4,
      successfulFiles: 3,
      failedFiles: 1,
      totalRowsIn: 4,
      totalRowsOut: 4,
    });
    expect(
      result.fileResults.map(({ sourceFile, destFile, success }) => [sourceFile, destFile, success]),
    ).toEqual([
      ["raw/a.csv", "out/a.csv.parquet", true],
      ["raw/a.jsonl", "out/a.jsonl.parquet", true],
      ["raw/b.csv.gz", "out/b.parquet", true],
      ["raw/c.csv", "out/c.parquet", false],
    ]);
    expect(String(result.errors[0])).toContain("line 2 has 2 cells");
    expect((await storage.list("out")).map(({ path }) => path)).toEqual([
      "out/a.csv.parquet",
      "out/a.jsonl.parquet",
      "out/b.parquet",
    ]);
    expect(await parquet(storage, "out/a.csv.parquet")).toEqual([{ id: "1" }, { id: "2" }]);
    expect(seen.at(-1)).toBe(1);
    expect(result.throughput).toBeGreaterThan(0);
  });

  it("takes what is in zips, files at hand, and directories below", async () => {
    const storage = new MemoryStorage();
    await put(storage, { "in/x.zip": ZIP, "in/deep/er/y.csv": "id\n7\n" });
    const zipped = await bulkConvert("in/**/*", "out", {
      location: storage,
      toExt: "jsonl",
      pattern: "{name}.{ext}",
      ...mode,
    });
    expect(zipped.fileResults.map(({ destFile }) => destFile)).toEqual([
      "out/y.csv.jsonl",
      "out/a.csv.jsonl",
      "out/b.jsonl.jsonl",
      "out/c.csv.jsonl",
    ]);
    expect(zipped).toMatchObject({ failedFiles: 0, totalRowsOut: 1 + 2 + 100 + 1 });
    const file = new File([ZIP], "upload.zip");
    const given = await bulkConvert([file], "given", { location: storage, toExt: "csv", ...mode });
    expect(given.totalRowsOut).toBe(103);
    expect(await text(storage, "given/c.csv")).toBe("id\n9\n");
    await expect(
      bulkConvert("none/*.csv", "out", { location: storage, toExt: "csv", ...mode }),
    ).rejects.toThrow("none/*.csv");
  });
});

describe("parallelRead", () => {
  const sources = (count: number, rows: number): AsyncGenerator<string>[] =>
    Array.from({ length: count }, async function* (_, source) {
      for (let i = 0; i < rows + source; i++) {
        if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, source % 3));
        yield `${source}:${i}`;
      }
    });

  it("gives every record of every source, in order or as they come", async () => {
    const expected = Array.from({ length: 9 }, (_, s) =>
      Array.from({ length: 50 + s }, (_, i) => `${s}:${i}`),
    ).flat();
    for (const workers of [1, 3, 20]) {
      const ordered = await all(parallelRead(sources(9, 50), { workers, ordered: true, batchSize: 8 }));
      expect(ordered).toEqual(expected);
      const any = await all(parallelRead(sources(9, 50), { workers, batchSize: 8 }));
      expect([...any].sort()).toEqual([...expected].sort());
      // Of one source records stay in order.
      for (let s = 0; s < 9; s++) {
        expect(any.filter((r) => r.startsWith(`${s}:`))).toEqual(
          expected.filter((r) => r.startsWith(`${s}:`)),
        );
      }
    }
  });

  it("closes all sources when the loop is left", async () => {
    let open = 0;
    async function* endless(): AsyncGenerator<number> {
      open++;
      try {
        for (let i = 0; ; i++) {
          if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
          yield i;
        }
      } finally {
        open--;
      }
    }
    for await (const n of parallelRead([endless(), endless(), endless()], { workers: 3, batchSize: 5 }))
      if (n > 20) break;
    expect(open).toBe(0);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    await expect(all(parallelRead([endless()], { signal: controller.signal }))).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(open).toBe(0);
  });

  it("fails, or leaves out the rest of a source that fails, without losing others", async () => {
    const seed = Math.trunc(Math.random() * 2 ** 31);
    console.log(`files.test.ts: seed ${seed}`);
    let state = seed;
    const random = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state / 2 ** 31;
    };
    for (let round = 0; round < 40; round++) {
      const lengths = Array.from({ length: 1 + Math.trunc(random() * 8) }, () => Math.trunc(random() * 60));
      const failsAt = lengths.map((length) => (random() < 0.3 ? Math.trunc(random() * length) : undefined));
      const ordered = random() < 0.5;
      const make = () =>
        lengths.map(async function* (length, s): AsyncGenerator<string> {
          for (let i = 0; i < length; i++) {
            if (i === failsAt[s]) throw new Error(`source ${s}`);
            if (random() < 0.1) await new Promise((resolve) => setTimeout(resolve, 0));
            yield `${s}:${i}`;
          }
        });
      const options = {
        ordered,
        workers: 1 + Math.trunc(random() * 4),
        batchSize: 1 + Math.trunc(random() * 9),
      };
      const reader = parallelRead(make(), { ...options, onError: "collect" });
      const found = await all(reader);
      const failing = failsAt.flatMap((at, s) =>
        at === undefined || at >= (lengths[s] as number) ? [] : [s],
      );
      expect(reader.errors.map(({ source }) => source).sort()).toEqual(failing);
      // Whole sources are whole, and what came of the others is their beginning.
      for (const [s, length] of lengths.entries()) {
        const own = found.filter((r) => r.startsWith(`${s}:`));
        expect(own).toEqual(Array.from({ length: own.length }, (_, i) => `${s}:${i}`));
        if (!failing.includes(s)) expect(own.length).toBe(length);
        else expect(own.length).toBe(reader.errors.find(({ source }) => source === s)?.recordsRead);
      }
      if (ordered) {
        const order = found.map((r) => Number(r.split(":")[0]));
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
      const strict = all(parallelRead(make(), options));
      if (failing.length > 0) await expect(strict).rejects.toThrow(/source \d/);
      else expect((await strict).length).toBe(found.length);
    }
  });

  it("reads files, and has early batches of all sources early", async () => {
    const storage = new MemoryStorage();
    await put(storage, { "1.csv": "a\n1\n", "2.jsonl": '{"a":2}\n', "3.csv.gz": gzipSync("a\n3\n") });
    const found = await all(
      parallelRead(["1.csv", "2.jsonl", "3.csv.gz"], { location: storage, ordered: true }),
    );
    expect(found).toEqual([{ a: "1" }, { a: 2 }, { a: "3" }]);
    await expect(all(parallelRead(["1.csv", "no.csv"], { location: storage }))).rejects.toThrow("no.csv");
  });
});

describe("files as sources and destinations", () => {
  it("of a pipeline: the destination is there whole or not at all", async () => {
    const storage = new MemoryStorage();
    await put(storage, { "in.csv": `n\n${Array.from({ length: 3_000 }, (_, i) => i).join("\n")}\n` });
    const run = (failAt: number) =>
      pipeline({
        source: fileSource("in.csv", { location: storage }),
        destination: fileSink("out.parquet", { location: storage }),
        processFunc: (record) => {
          const n = Number(record["n"]);
          if (n === failAt) throw new Error("asked for");
          return { n, twice: 2 * n };
        },
        atomic: true,
      });
    await expect(run(2_500)).rejects.toThrow("asked for");
    expect(await storage.stat("out.parquet")).toBeUndefined();
    expect((await run(-1)).rowsOut).toBe(3_000);
    expect((await parquet(storage, "out.parquet"))[2_999]).toEqual({ n: 2_999n, twice: 5_998n });
    await expect(run(100)).rejects.toThrow("asked for");
    expect(await parquet(storage, "out.parquet")).toHaveLength(3_000);
  });

  it("of parallelWrite: several at once, each whole, errors by destination", async () => {
    const storage = new MemoryStorage();
    const records = Array.from({ length: 2_500 }, (_, id) => ({ id, name: `n${id}` }));
    let seen = 0;
    const result = await parallelWrite<{ id: number; name: string }>(records, [
      fileSink("a.parquet", { location: storage }),
      fileSink("a.csv.gz", { location: storage }),
      {
        write: (batch) => {
          seen += batch.length;
          if (seen > 1_500) throw new Error("full");
        },
      },
      fileSink("b.csv.zst", { location: storage }),
    ]);
    expect(result.rowsIn).toBe(2_500);
    expect(result.destinations.map(({ success }) => success)).toEqual([true, true, false, false]);
    expect(String(result.destinations[2]?.error)).toContain("full");
    expect(String(result.destinations[3]?.error)).toContain("zstd");
    expect(await parquet(storage, "a.parquet")).toHaveLength(2_500);
    const back = await all(fileSource("a.csv.gz", { location: storage }));
    expect(back).toEqual(records.map(({ id, name }) => ({ id: String(id), name })));
    expect((await storage.list("")).map(({ path }) => path)).toEqual(["a.csv.gz", "a.parquet"]);
    await expect(
      parallelWrite(
        records,
        [fileSink("c.csv", { location: storage }), () => Promise.reject(new Error("no"))],
        { onError: "fail" },
      ),
    ).rejects.toThrow("no");
    expect(await storage.stat("c.csv")).toBeUndefined();
  });
});
