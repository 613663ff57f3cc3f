import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { build, createServer, preview } from "vite";
import { originOf, serveStatic } from "./support/static-server.ts";

/**
 * The module as others get it: packed, installed into an application that configures nothing, and run there. Nothing
 * here may reach into this repository's sources.
 */
const repository = new URL("../", import.meta.url).pathname;
/** The examples of the README, by the heading they stand under: what people copy is what is tested. */
const EXAMPLES = new Map(
  [
    ...readFileSync(join(repository, "README.md"), "utf8").matchAll(
      /^### (.+)$[^#]*?^```\w+\n([\s\S]*?)^```$/gm,
    ),
  ].map(([, heading = "", code = ""]) => [heading, code]),
);

function example(heading: string): string {
  const code = EXAMPLES.get(heading);
  if (code === undefined) throw new Error(`the README has no example under ${heading}`);
  return code;
}

const document = (body: string): string =>
  `<!doctype html><meta charset="utf-8"><title>app</title><link rel="icon" href="data:,"><body>${body}</body>`;

let app = "";

test.beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), "lakelet-app-"));
  const [{ filename }] = JSON.parse(
    npm(["pack", "--ignore-scripts", "--json", "--pack-destination", app], repository),
  );
  const manifest = {
    name: "app",
    version: "1.0.0",
    private: true,
    type: "module",
    dependencies: { lakelet: `file:${filename}` },
  };
  writeFileSync(join(app, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(app, "package-lock.json"), JSON.stringify(lockfile(manifest, filename)));
  npm(["ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], app);
  writeFileSync(join(app, "index.html"), document(`<script type="module" src="/main.ts"></script>`));
  writeFileSync(join(app, "main.ts"), example("In a Vite app"));
});

test.afterAll(() => rmSync(app, { recursive: true, force: true }));

test("the package holds the module and its papers, and nothing else", () => {
  const packed = JSON.parse(npm(["pack", "--ignore-scripts", "--json", "--dry-run"], repository))[0];
  const paths: string[] = packed.files.map((file: { path: string }) => file.path);
  expect(paths).toEqual(
    expect.arrayContaining(["LICENSE", "README.md", "CHANGELOG.md", "dist/lib/index.js"]),
  );
  const others = paths.filter(
    (path) => !/^(dist\/lib\/.+|(LICENSE|README\.md|CHANGELOG\.md|package\.json))$/.test(path),
  );
  expect(others).toEqual([]);
});

test("a Vite application builds with it and runs a query", async ({ page }) => {
  await build({ root: app, configFile: false, logLevel: "error" });
  const server = await preview({ root: app, configFile: false, preview: { host: "127.0.0.1", port: 0 } });
  try {
    await expectTotals(page, originOf(server.httpServer as Server));
  } finally {
    await server.close();
  }
});

test("a Vite application uses it in development", async ({ page }) => {
  const server = await createServer({
    root: app,
    configFile: false,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0 },
  });
  try {
    await server.listen();
    await expectTotals(page, originOf(server.httpServer as Server));
  } finally {
    await server.close();
  }
});

test("a page without a build loads it from a static folder of another origin", async ({ page }) => {
  const folder = join(app, "node_modules/lakelet/dist/lib");
  const files = await serveStatic((path) => readFileSync(join(folder, path)));
  const html = document(
    example("In a page without a build").replace("https://static.example.com/lakelet", files.origin),
  );
  const site = await serveStatic(() => html);
  try {
    await page.goto(`${site.origin}/`);
    await expect(page.locator("body")).toHaveText("0: 0, 1: 1, 2: 4, 3: 9, 4: 16");
  } finally {
    await files.close();
    await site.close();
  }
});

test("importing it on a server does nothing", () => {
  const script = `
    const before = Object.keys(globalThis).length;
    const { SparkSession } = await import("lakelet");
    const globals = Object.keys(globalThis).length - before;
    const alive = process.getActiveResourcesInfo().filter((name) => /Worker|Message|Timeout|Server/.test(name));
    console.log(JSON.stringify({ session: typeof SparkSession, globals, alive }));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: app,
    encoding: "utf8",
    timeout: 20_000,
  });
  expect(JSON.parse(output)).toEqual({ session: "function", globals: 0, alive: [] });
});

test("its entry for Node computes in worker threads, keeps tables in a folder, and lets the process end", () => {
  const script = `
    import { SparkSession } from "lakelet/node";
    const spark = SparkSession.builder.config("spark.sql.warehouse.dir", process.argv[1]).getOrCreate();
    await spark.sql("CREATE TABLE IF NOT EXISTS numbers AS SELECT id FROM range(3)");
    await spark.range(3, 5).write.mode("append").saveAsTable("numbers");
    console.log(JSON.stringify((await spark.sql("SELECT count(*), sum(id) FROM numbers").collect()).map((row) => [...row])));
    await spark.stop();
  `;
  const run = () =>
    execFileSync(process.execPath, ["--input-type=module", "-e", script, join(app, "warehouse")], {
      cwd: app,
      encoding: "utf8",
      timeout: 60_000,
    });
  expect(JSON.parse(run())).toEqual([[5, 10]]);
  expect(JSON.parse(run())).toEqual([[7, 17]]);
});

test("its entry for Node runs the example for tests", () => {
  const program = join(app, "orders.mjs");
  writeFileSync(program, example("In tests"));
  expect(
    execFileSync(process.execPath, [program], {
      cwd: app,
      encoding: "utf8",
      timeout: 60_000,
      env: { ...process.env, FORCE_COLOR: "0" },
    }).trim(),
  ).toBe("1");
});

test("its command says how it is used", () => {
  const command = join(app, "node_modules/lakelet/dist/lib/node/cli.js");
  expect(execFileSync(process.execPath, [command, "--help"], { encoding: "utf8" })).toContain(
    "lakelet serve",
  );
});

test("its types stand on their own in a strict application", () => {
  writeFileSync(
    join(app, "check.ts"),
    `import { type DataFrame, SparkSession } from "lakelet";
     const spark: SparkSession = SparkSession.builder.appName("types").getOrCreate();
     const frame: DataFrame = spark.range(3);
     export const rows: Promise<number> = frame.count();
     // @ts-expect-error a DataFrame has no such method
     frame.noSuchMethod();\n`,
  );
  const options = [
    "--noEmit",
    "--strict",
    "--target",
    "es2022",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--lib",
    "es2023,dom",
  ];
  execFileSync(
    process.execPath,
    [join(repository, "node_modules/typescript/bin/tsc"), ...options, "check.ts"],
    { cwd: app, stdio: "pipe" },
  );
});

const TOTALS = `+------+-----+
|  city|total|
+------+-----+
|Bergen|    5|
|  Oslo|   17|
+------+-----+`;

/** The README's program for a Vite application prints a table and its rows to the console. */
async function expectTotals(page: Page, origin: string): Promise<void> {
  const printed: string[] = [];
  page.on("console", (message) => printed.push(message.text()));
  page.on("pageerror", (error) => printed.push(String(error)));
  await page.goto(`${origin}/`);
  await expect.poll(() => printed.join("\n"), { timeout: 60_000 }).toContain(TOTALS);
  await expect.poll(() => printed.join("\n")).toMatch(/Bergen.*Oslo/s);
}

/** The application's lockfile, made from ours: the same packages from npm's cache, so that no registry is asked. */
function lockfile(manifest: object, tarball: string): object {
  const ours = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8"));
  const { dependencies } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const runtime = Object.entries<{ dev?: boolean; optional?: boolean }>(ours.packages).filter(
    ([path, { dev }]) => path !== "" && dev !== true,
  );
  const lakelet = { version: "0.1.0", resolved: `file:${tarball}`, dependencies };
  return {
    name: "app",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: { "": manifest, "node_modules/lakelet": lakelet, ...Object.fromEntries(runtime) },
  };
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", args, {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
