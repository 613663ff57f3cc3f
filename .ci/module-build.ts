import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { EnvironmentOptions, LibraryOptions, Plugin } from "vite";

/**
 * Builds the npm module beside the page: `dist/lib` for browsers, `dist/lib/node` for Node.
 *
 * Vite's own library mode would inline the wasm or lose it, and refer to workers in a way that another build cannot
 * follow. So the module keeps, literally, `new Worker(new URL("./engine.js", import.meta.url), { type: "module" })`
 * and `new URL("./duckdb-eh.wasm", import.meta.url)`, with those files beside it: the one form that works unbundled
 * in a static folder as well as in an embedder's own build. Each browser worker is one file without chunks, because
 * the embedder's worker format may be one that cannot split.
 */
const root = fileURLToPath(new URL("../", import.meta.url));
const require = createRequire(import.meta.url);

/** Stands where a built file's name belongs; Vite leaves alone what is no string literal. */
const FILE = "__LAKELET_FILE__";

/** Begins the id of a stand-in module for `import address from "some.wasm?url"`. */
const WASM_ADDRESS = "\0lakelet-wasm:";

const NODE_BINDINGS = "@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs";

/** `new Worker(new URL("./some-worker.ts"`, up to the script's name and that name. */
const STARTED_WORKER = /(new\s+Worker\(\s*new\s+URL\(\s*)["']([^"']+)\.ts["']/g;

type Entries = Readonly<Record<string, string>>;

/** Vite's environments for the module, each with its own build; the page's is `client`. */
export function moduleEnvironments(): Record<string, EnvironmentOptions> {
  const environments: Record<string, EnvironmentOptions> = {};
  const browser = exportedEntries((subpath) => subpath !== "node");
  if (Object.keys(browser).length > 0) environments["module"] = browserModule(browser);
  for (const worker of startedWorkers(
    sources("src", (path) => path.endsWith(".ts") && !isNodeOrPage(path)),
  )) {
    environments[`module_${nameOf(worker)}`] = browserWorker({ [nameOf(worker)]: worker });
  }
  const node = {
    ...exportedEntries((subpath) => subpath === "node"),
    ...nodeEntries(),
    ...Object.fromEntries(
      sources("src/node", (path) => /(-worker|\/cli)\.ts$/.test(path)).map((path) => [
        basename(path, ".ts"),
        path,
      ]),
    ),
  };
  if (Object.keys(node).length > 0) environments["module_node"] = nodeModule(node);
  return environments;
}

function browserModule(input: Entries): EnvironmentOptions {
  return {
    consumer: "client",
    build: {
      ...common("dist/lib"),
      minify: false,
      lib: asLibrary(input),
      rolldownOptions: { ...checks, preserveEntrySignatures: "strict", output: names },
    },
  };
}

function browserWorker(input: Entries): EnvironmentOptions {
  return {
    consumer: "client",
    build: {
      ...common("dist/lib"),
      minify: false,
      lib: asLibrary(input),
      rolldownOptions: { ...checks, output: { ...names, codeSplitting: false } },
    },
  };
}

function nodeModule(input: Entries): EnvironmentOptions {
  return {
    consumer: "server",
    resolve: { external: true, noExternal: [], conditions: ["node", "import", "default"] },
    build: {
      ...common("dist/lib/node"),
      minify: false,
      emitAssets: true,
      rolldownOptions: {
        ...checks,
        platform: "node",
        input: { ...input },
        preserveEntrySignatures: "strict",
        output: names,
      },
    },
  };
}

/** Of Vite's library mode this much is wanted: dynamic imports stay plain, without its helper that preloads styles. */
const asLibrary = (entry: Entries): LibraryOptions => ({ entry: { ...entry }, formats: ["es"] });

const checks = { checks: { eval: false } };

/** No folders: chunks too find workers and wasm beside themselves. */
const names = {
  format: "es",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  assetFileNames: "[name][extname]",
} as const;

const common = (outDir: string): NonNullable<EnvironmentOptions["build"]> => ({
  outDir,
  emptyOutDir: false,
  copyPublicDir: false,
  modulePreload: false,
  assetsInlineLimit: 0,
  target: "es2022",
});

/** Rewrites the references to workers, wasm and Python as the module has them, and puts the files beside it. */
export function moduleBuild(): Plugin {
  return {
    name: "lakelet:module",
    apply: "build",
    enforce: "pre",
    applyToEnvironment: (environment) => environment.name.startsWith("module"),
    async resolveId(id, importer) {
      if (id.endsWith(".wasm?url")) {
        const found = await this.resolve(id.slice(0, -"?url".length), importer, { skipSelf: true });
        return found ? `${WASM_ADDRESS}${found.id}.js` : undefined;
      }
      // In Node the bindings stay a dependency as all others do. The alias has made a path of their name.
      return this.environment.name === "module_node" && id.endsWith(`/${NODE_BINDINGS}`)
        ? { id: NODE_BINDINGS, external: true }
        : undefined;
    },
    load(id) {
      if (!id.startsWith(WASM_ADDRESS)) return undefined;
      const path = id.slice(WASM_ADDRESS.length, -".js".length);
      this.emitFile({ type: "asset", fileName: basename(path), source: readFileSync(path) });
      return `export default new URL(${FILE}("./${basename(path)}"), import.meta.url).href;`;
    },
    transform(code, id) {
      if (!/\.(m?ts|m?js)$/.test(id) || !code.includes("import.meta.url")) return undefined;
      const inNode = this.environment.name === "module_node";
      const withWorkers = code.replace(
        STARTED_WORKER,
        (_, before: string, path: string) =>
          `${before}${FILE}("./${inNode ? basename(path) : nameOf(path)}.js")`,
      );
      const withFiles = withWorkers.replace(
        /(new\s+URL\(\s*)["']([^"']+\.(?:wasm|py))["'](\s*,\s*import\.meta\.url)/g,
        (_, before: string, specifier: string, after: string) => {
          const beside = resolve(dirname(id), specifier);
          const path = existsSync(beside) ? beside : require.resolve(specifier);
          this.emitFile({ type: "asset", fileName: basename(path), source: readFileSync(path) });
          return `${before}${FILE}("./${basename(path)}")${after}`;
        },
      );
      return withFiles === code ? undefined : { code: withFiles, map: null };
    },
    generateBundle(_options, bundle) {
      // Rolldown leaves chunks behind of modules whose every use it has dropped.
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const imported = new Set(chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]));
      for (const { isEntry, fileName } of chunks)
        if (!isEntry && !imported.has(fileName)) delete bundle[fileName];
    },
    renderChunk(code) {
      return code.includes(FILE)
        ? { code: code.replaceAll(new RegExp(`${FILE}\\(([^)]*)\\)`, "g"), quoted), map: null }
        : null;
    },
  };
}

const quoted = (_: string, literal: string): string => JSON.stringify(literal.slice(1, -1));

/** `src/engine/engine-worker.ts` is `engine.js` in the module. */
const nameOf = (path: string): string => basename(path, ".ts").replace(/-worker$/, "");

const isNodeOrPage = (path: string): boolean => /^src\/(node|playground)\//.test(path);

/** The subpaths of package.json's `exports` are the list of entries: `./pool` is `src/pool/index.ts`. */
function exportedEntries(wanted: (subpath: string) => boolean): Entries {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { exports?: object };
  const subpaths = Object.keys(manifest.exports ?? {}).map((key) => key.replace(/^\.\/?/, ""));
  return Object.fromEntries(
    subpaths
      .filter((subpath) => !subpath.includes(".") && wanted(subpath))
      .map((subpath) => [
        subpath === "" || subpath === "node" ? "index" : subpath,
        subpath === "" ? "src/index.ts" : `src/${subpath}/index.ts`,
      ]),
  );
}

/** Subpaths that have a form of their own in Node: `./pool` is `src/node/pool.ts` there. */
function nodeEntries(): Entries {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
  return Object.fromEntries(
    Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) =>
      typeof target === "object" && "node" in target
        ? [[subpath.slice("./".length), `src/node/${subpath.slice("./".length)}.ts`]]
        : [],
    ),
  );
}

/** The scripts that these sources start as workers. */
function startedWorkers(paths: readonly string[]): Set<string> {
  const started = paths.flatMap((path) => {
    const code = readFileSync(join(root, path), "utf8");
    return [...code.matchAll(STARTED_WORKER)].map((match) => posix.join(dirname(path), `${match[2]}.ts`));
  });
  return new Set(started.filter((path) => existsSync(join(root, path))));
}

function sources(folder: string, wanted: (path: string) => boolean): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .filter(wanted);
}
