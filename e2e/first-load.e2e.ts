import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { expect, test } from "@playwright/test";
import { Playground } from "./support/playground.ts";

const dist = new URL("../dist/", import.meta.url);
const wasmBytes = JSON.parse(
  readFileSync(new URL("../.ci/brotli-sizes.json", import.meta.url), "utf8"),
) as Readonly<Record<string, number>>;

/** What a file costs after brotli at its best; wasm takes a minute, so the size check has noted its size. */
function compressedBytes(path: string): number {
  const bytes = readFileSync(new URL(path, dist));
  const known = wasmBytes[createHash("sha256").update(bytes).digest("hex")];
  if (known !== undefined) return known;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(bytes, { params }).length;
}

test("what a first visitor's browser really asks for keeps to the budget", async ({ page, context }) => {
  const asked = new Set<string>();
  let isFirstLoad = true;
  context.on("request", (request) => {
    if (!isFirstLoad) return;
    const { pathname } = new URL(request.url());
    if (request.url().startsWith("http")) asked.add(pathname === "/" ? "index.html" : pathname.slice(1));
  });
  const playground = new Playground(page);
  await page.goto("./");
  await page.getByTestId("run").click();
  await expect(page.getByTestId("result-grid")).toBeVisible({ timeout: 90_000 });
  isFirstLoad = false;
  expect((await playground.gridRows()).length).toBeGreaterThan(5);
  const files = [...asked].filter((path) => !path.startsWith("data/"));
  const names = files.map((path) => basename(path)).join(" ");
  // The measurement sees the workers' requests too.
  for (const part of ["index-", "driver-worker-", "engine-worker-", "sandbox-worker-", "duckdb-eh-"]) {
    expect(names).toContain(part);
  }
  const bytes = new Map(files.map((path) => [path, compressedBytes(path)]));
  const sum = (paths: readonly string[]) => paths.reduce((total, path) => total + (bytes.get(path) ?? 0), 0);
  const scripts = files.filter((path) => path.endsWith(".js"));
  console.log(
    `First load: ${sum(files)} bytes, ${sum(scripts)} of them JavaScript in ${scripts.length} scripts`,
  );
  expect(names, "what comes later has not come yet").not.toContain("later-");
  expect(sum(files)).toBeLessThanOrEqual(7_500_000);
  expect(sum(scripts)).toBeLessThanOrEqual(700_000);
});
