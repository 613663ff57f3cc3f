import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";
import aliases from "./aliases.json" with { type: "json" };

const ID = "virtual:sandbox-worker";
const entry = (name: string): string =>
  fileURLToPath(new URL(`../src/playground/sandbox/${name}.ts`, import.meta.url));

/** Workers that run users' code: that of TypeScript and SQL, and that of Python, which comes when it is first needed. */
const WORKERS: Readonly<Record<string, string>> = {
  worker: entry("sandbox-worker"),
  python: entry("python-worker"),
};
const DEV_PATH = "/@sandbox/";

/** Packages that few programs need. Each is a script of its own, which is loaded when a program first needs it. */
const PARTS: Readonly<Record<string, string>> = {
  "apache-arrow": `export { Table, tableFromIPC, tableToIPC } from "apache-arrow";`,
  sucrase: `export { transform } from "sucrase";`,
};

/** The worker's own script, by the name `worker`, and the parts by theirs. */
const SCRIPTS = [...Object.keys(WORKERS), ...Object.keys(PARTS)];

/**
 * The worker in which users' code runs, as one classic script, and the parts that it loads later. Its frame has an opaque origin, which may load neither
 * modules nor workers from the page's, so the page reads the scripts as text and the frame starts the first from a blob.
 * `import { scriptUrls } from "virtual:sandbox-worker"` gives their addresses by name.
 */
export function sandboxWorker(): Plugin {
  return {
    name: "lakelet:sandbox-worker",
    applyToEnvironment: (environment) => environment.name === "client",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    async load(id) {
      if (id !== `\0${ID}`) return undefined;
      const addresses = await Promise.all(
        SCRIPTS.map(async (name) => {
          if (this.environment.mode === "dev") return JSON.stringify(`${DEV_PATH}${name}.js`);
          const source = await bundle(name, true);
          const hash = createHash("sha256").update(source).digest("base64url").slice(0, 8);
          const fileName = `assets/${name === "worker" ? "sandbox" : "later"}-${name}-${hash}.js`;
          return `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: "asset", fileName, source })}`;
        }),
      );
      const entries = SCRIPTS.map((name, i) => `${JSON.stringify(name)}: ${addresses[i]}`);
      return `export const scriptUrls = { ${entries.join(", ")} };`;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const name = SCRIPTS.find((script) => request.url?.split("?")[0] === `${DEV_PATH}${script}.js`);
        if (name === undefined) return next();
        bundle(name, false).then(
          (source) => {
            response.setHeader("Content-Type", "text/javascript");
            response.end(source);
          },
          (error: unknown) => next(error),
        );
      });
    },
  };
}

async function bundle(name: string, minify: boolean): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "warn",
    resolve: {
      alias: Object.fromEntries(
        Object.entries(aliases).map(([name, path]) => [
          name,
          fileURLToPath(new URL(`../${path}`, import.meta.url)),
        ]),
      ),
    },
    plugins:
      name in WORKERS
        ? [withoutWorkers(), withoutRemote(), pageConditions(), laterParts(), pysparkPackage(), withoutNode()]
        : [partEntry(), onlyTypeScript()],
    build: {
      write: false,
      minify,
      target: "es2023",
      copyPublicDir: false,
      lib: {
        entry: WORKERS[name] ?? `${PART}${name}`,
        formats: ["iife"],
        name: name in WORKERS ? "lakeletSandbox" : "lakeletPart",
        fileName: "sandbox-worker",
      },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  for (const output of outputs) {
    if (!("output" in output)) continue;
    const chunk = output.output.find((part) => part.type === "chunk" && part.isEntry);
    if (chunk?.type === "chunk") return chunk.code;
  }
  throw new Error("bundling the sandbox worker gave no script");
}

/** Users' code has a driver already: what would start one stays out of its script, and with it all of DuckDB. */
function withoutWorkers(): Plugin {
  return {
    name: "lakelet:without-workers",
    enforce: "pre",
    transform: (code) => {
      const without = code.replace(/new Worker\(\s*new URL\([^()]*\)/g, 'new Worker("about:blank"');
      return without === code ? undefined : { code: without, map: null };
    },
  };
}

/** A frame of an opaque origin, whose policy forbids requests, reaches no Spark Connect server: it says so. */
function withoutRemote(): Plugin {
  const errors = fileURLToPath(new URL("../src/errors/spark-error.ts", import.meta.url));
  return {
    name: "lakelet:without-remote",
    enforce: "pre",
    resolveId: (id) => (id.endsWith("/connect/remote/open-remote.ts") ? "\0lakelet-no-remote" : undefined),
    load: (id) =>
      id === "\0lakelet-no-remote"
        ? `import { unsupported } from ${JSON.stringify(errors)};
           export const openRemote = async () => { throw unsupported("SparkSession.builder.remote() in the page"); };`
        : undefined,
  };
}

/** The page has the texts of all conditions already: it gives them to the frame together with the script. */
function pageConditions(): Plugin {
  return {
    name: "lakelet:page-conditions",
    enforce: "pre",
    resolveId: (id) => (id.endsWith("/conditions/index.ts") ? "\0lakelet-conditions" : undefined),
    load: (id) =>
      id === "\0lakelet-conditions" ? "export const CONDITIONS = globalThis.lakeletConditions;" : undefined,
  };
}

/** `await import("apache-arrow")` asks the page for the part's script. */
function laterParts(): Plugin {
  const imports = new RegExp(`\\bawait import\\(\\s*"(${Object.keys(PARTS).join("|")})"\\s*\\)`, "g");
  return {
    name: "lakelet:later-parts",
    enforce: "pre",
    transform(code, id) {
      if (!id.includes("/src/")) return undefined;
      const changed = code.replace(imports, (_, name: string) => `await globalThis.lakeletPart("${name}")`);
      return changed === code ? undefined : { code: changed, map: null };
    },
  };
}

const PYSPARK = "virtual:pyspark-package";

/** `import { files } from "virtual:pyspark-package"`: the texts of our Python package by their paths. */
function pysparkPackage(): Plugin {
  const folder = fileURLToPath(new URL("../src/python/", import.meta.url));
  return {
    name: "lakelet:pyspark-package",
    resolveId: (id) => (id === PYSPARK ? `\0${PYSPARK}` : undefined),
    load(id) {
      if (id !== `\0${PYSPARK}`) return undefined;
      const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".py"),
      );
      const files = names
        .sort()
        .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(folder, name), "utf8")]);
      return `export const files = ${JSON.stringify(Object.fromEntries(files))};`;
    },
  };
}

/** Pyodide's loader would import modules of Node's, where it finds itself in Node. */
function withoutNode(): Plugin {
  return {
    name: "lakelet:without-node",
    enforce: "pre",
    resolveId: (id, importer) =>
      importer?.includes("/pyodide/") === true && /^(node:|ws$)/.test(id) ? "\0lakelet-no-node" : undefined,
    load: (id) => (id === "\0lakelet-no-node" ? "export default undefined;" : undefined),
  };
}

const PART = "sandbox-part:";

function partEntry(): Plugin {
  // Vite makes a path of an entry's name.
  const nameIn = (id: string) => id.slice(id.indexOf(PART) + PART.length);
  return {
    name: "lakelet:part-entry",
    enforce: "pre",
    resolveId: (id) => (id.includes(PART) ? `\0${PART}${nameIn(id)}` : undefined),
    load: (id) => (id.startsWith(`\0${PART}`) ? PARTS[nameIn(id)] : undefined),
  };
}

/** What sucrase knows of languages that the editor has not: JSX, Flow, CommonJS, and the tools around them. */
const OTHER_LANGUAGES =
  /\/sucrase\/dist\/esm\/(CJSImportProcessor|parser\/plugins\/(flow|jsx\/index)|transformers\/(CJSImport|Flow|JSX|JestHoist|ReactDisplayName|ReactHotLoader)Transformer)\.js$/;

/** Leaves out two fifths of sucrase. Its options decide whether those parts are called; ours never do. */
function onlyTypeScript(): Plugin {
  return {
    name: "lakelet:only-typescript",
    enforce: "pre",
    transform(code, id) {
      if (!OTHER_LANGUAGES.test(id)) return undefined;
      const names = [...code.matchAll(/^export (?:async )?(?:function|class|const|var|let) (\w+)/gm)].map(
        (match) => match[1],
      );
      const defaultExport = /^export default /m.test(code) ? "export default absent;" : "";
      const stub = `function absent() { throw new Error("only TypeScript can be transformed here"); }\n${defaultExport}`;
      return {
        code: `${stub}\n${names.map((name) => `export { absent as ${name} };`).join("\n")}`,
        map: null,
      };
    },
  };
}
