/** The module hooks behind run-ts.mjs. They are synchronous so that they fit both of Node's ways of registering. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const cache = new URL(".cache/run-ts/", root);
const require = createRequire(import.meta.url);
const aliases = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(new URL("aliases.json", import.meta.url), "utf8"))).map(
    ([name, path]) => [name, new URL(path, root).href],
  ),
);

/** Part of the cache key: a new compiler or other options must not meet old output. */
const COMPILER = `sucrase ${readVersion()} 1`;

export function resolve(specifier, context, next) {
  return next(aliases[specifier] ?? specifier, context);
}

export function load(url, context, next) {
  if (!/^file:.*\.m?ts(\?.*)?$/.test(url) || url.includes("/node_modules/")) return next(url, context);
  return {
    format: "module",
    shortCircuit: true,
    source: javascriptOf(fileURLToPath(url.replace(/\?.*$/, ""))),
  };
}

function javascriptOf(path) {
  const source = readFileSync(path, "utf8");
  const key = createHash("sha256").update(COMPILER).update("\0").update(source).digest("hex").slice(0, 32);
  const cached = new URL(`${key}.js`, cache);
  try {
    return readFileSync(cached, "utf8");
  } catch {
    const { code } = require("sucrase").transform(source, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true,
      filePath: path,
    });
    // Several processes may fill the cache at once: only whole files may appear in it.
    mkdirSync(cache, { recursive: true });
    const unfinished = new URL(`${key}.${process.pid}.${Math.random().toString(36).slice(2)}`, cache);
    writeFileSync(unfinished, code);
    renameSync(unfinished, cached);
    return code;
  }
}

function readVersion() {
  return JSON.parse(readFileSync(new URL("node_modules/sucrase/package.json", root), "utf8")).version;
}
