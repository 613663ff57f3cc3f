import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { serveStatic } from "./support/static-server.ts";

const lib = new URL("../dist/lib/", import.meta.url);

test("files are exported to a folder that the user picked, and imported from it", async ({ page }) => {
  const site = await serveStatic((path) =>
    path === "/" ? "<!doctype html><title>app</title>" : readFileSync(new URL(path.slice(1), lib)),
  );
  try {
    await page.goto(`${site.origin}/`);
    const result = await page.evaluate(async () => {
      const { SparkSession, functions: F } = await import("/index.js" as string);
      const spark = SparkSession.builder.getOrCreate();
      // What a picker gives has the same methods as a folder of OPFS.
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle("picked", { create: true });
      const df = spark.range(1000).withColumn("third", F.col("id").mod(3));
      await df.write.option("header", true).csv(folder);
      const again = await df.write.csv(folder).then(
        () => "no error",
        (error: { getCondition(): string; message: string }) => `${error.getCondition()}: ${error.message}`,
      );
      const csv = await spark.read.option("header", true).option("inferSchema", true).csv(folder).collect();
      const parts = await root.getDirectoryHandle("parts", { create: true });
      await df.write.partitionBy("third").parquet(parts);
      await df.write.mode("overwrite").partitionBy("third").parquet(parts);
      const names: string[] = [];
      for await (const [name, handle] of parts.entries()) {
        names.push(name);
        if (handle.kind !== "directory") continue;
        let files = 0;
        for await (const _ of (handle as FileSystemDirectoryHandle).entries()) files++;
        names.push(String(files));
      }
      const delta = await df.write
        .format("delta")
        .save(parts)
        .then(
          () => "no error",
          (error: { message: string }) => error.message,
        );
      const parquet = await spark.read.parquet(parts).agg(F.count("*"), F.sum("id")).collect();
      await spark.stop();
      return {
        again,
        csv: [csv.length, csv.reduce((sum: number, row: { id: number }) => sum + row.id, 0)],
        names: names.sort(),
        delta,
        parquet: [...parquet[0]],
      };
    });
    expect(result.again).toContain("PATH_ALREADY_EXISTS");
    expect(result.again).toContain("picked");
    expect(result.csv).toEqual([1000, 499_500]);
    expect(result.names).toEqual(["1", "1", "1", "_SUCCESS", "third=0", "third=1", "third=2"]);
    expect(result.parquet).toEqual([1000, 499_500]);
    expect(result.delta).toContain("a Delta table in a folder of this computer");
  } finally {
    await site.close();
  }
});
