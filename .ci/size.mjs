/**
 * Holds the built page to its budget, in bytes after brotli at its best setting: what the first visit loads (all that
 * index.html leads to, except scripts behind a dynamic `import` and those named `later-`), the JavaScript in it, and what
 * the editor needs of that (the scripts that index.html imports statically). What comes later is counted beside it.
 * e2e/first-load.e2e.ts holds a browser's real requests to the same budget.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { root } from "./setup.mjs";

const BUDGET_BYTES = {
  "first load": 7_500_000,
  "its JavaScript": 700_000,
  "the editor's JavaScript": 400_000,
};

const dist = join(root, "dist");
if (!existsSync(join(dist, "index.html"))) {
  console.error("There is no dist/index.html: run `npm run build` first.");
  process.exit(1);
}

// Compressing 36 MB takes a minute. Dependencies are pinned, so their wasm hardly ever changes: the sizes of what was
// compressed before are kept by content, and committed.
const knownPath = join(root, ".ci/brotli-sizes.json");
const known = JSON.parse(readFileSync(knownPath, "utf8"));

const pages = ["index.html", "sandbox.html"].map((name) => join(dist, name)).filter(existsSync);
const assets = readdirSync(join(dist, "assets")).map((name) => join(dist, "assets", name));
const sizes = new Map([...pages, ...firstLoad()].map((path) => [path, compressedBytes(path)]));
const scripts = [...sizes.keys()].filter((path) => path.endsWith(".js"));
const measured = {
  "first load": sum([...sizes.keys()]),
  "its JavaScript": sum(scripts),
  "the editor's JavaScript": sum(editorScripts()),
};

for (const [path, bytes] of [...sizes].sort((a, b) => b[1] - a[1]).slice(0, 12)) {
  console.log(`  ${String(bytes).padStart(9)}  ${relative(dist, path)}`);
}
const later = assets.filter((path) => path.endsWith(".js") && !sizes.has(path));
const laterBytes = later.reduce((total, path) => total + compressedBytes(path), 0);
console.log(`  ${String(laterBytes).padStart(9)}  ${later.length} scripts that are loaded later`);
for (const [name, budget] of Object.entries(BUDGET_BYTES)) {
  const over = measured[name] > budget;
  console.log(`${over ? "TOO LARGE" : "ok"}: ${name} is ${measured[name]} bytes of at most ${budget}`);
  if (over) process.exitCode = 1;
}

function sum(paths) {
  return paths.reduce((total, path) => total + sizes.get(path), 0);
}

function compressedBytes(path) {
  const bytes = readFileSync(path);
  const isWasm = path.endsWith(".wasm");
  const key = createHash("sha256").update(bytes).digest("hex");
  if (isWasm && known[key]) return known[key];
  const { length } = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  if (isWasm) {
    known[key] = length;
    writeFileSync(knownPath, `${JSON.stringify(known, null, 2)}\n`);
    console.log(`Noted the size of ${basename(path)} in .ci/brotli-sizes.json; please commit that.`);
  }
  return length;
}

/** Every file whose name stands in a page, or in a script or style that is loaded, other than in `import(...)`. */
function firstLoad() {
  const found = new Set();
  const open = [...pages];
  while (open.length > 0) {
    const path = open.pop();
    if (path.endsWith(".wasm")) continue;
    const text = readFileSync(path, "utf8")
      .replace(/\bimport\(\s*["'`][^"'`]*["'`]\s*\)/g, "")
      // The list of scripts that a worker loads when its first work is done.
      .replace(/["'`][\w.:| -]*\.js\|["'`]/g, "");
    for (const asset of assets) {
      const name = basename(asset);
      if (found.has(asset) || name.startsWith("later-") || !text.includes(name)) continue;
      found.add(asset);
      open.push(asset);
    }
  }
  return found;
}

function editorScripts() {
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const found = new Set();
  const open = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(([, path]) => join(dist, path));
  while (open.length > 0) {
    const path = open.pop();
    if (found.has(path) || !sizes.has(path)) continue;
    found.add(path);
    const code = readFileSync(path, "utf8");
    for (const [, , specifier] of code.matchAll(/(\bfrom|\bimport)\s*["'`](\.[^"'`]+)["'`]/g)) {
      open.push(join(dirname(path), specifier));
    }
  }
  return [...found];
}
