import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";
import aliases from "./aliases.json" with { type: "json" };

const ID = "virtual:sandbox-worker";
const ENTRY = fileURLToPath(new URL("../src/playground/sandbox/sandbox-worker.ts", import.meta.url));
const DEV_PATH = "/@sandbox-worker.js";

/**
 * The worker in which users' code runs, as one classic script. Its frame has an opaque origin, which may load neither
 * modules nor workers from the page's, so the page reads the script as text and the frame starts it from a blob.
 * `import { scriptUrl } from "virtual:sandbox-worker"` gives its address.
 */
export function sandboxWorker(): Plugin {
  return {
    name: "lakelet:sandbox-worker",
    applyToEnvironment: (environment) => environment.name === "client",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    async load(id) {
      if (id !== `\0${ID}`) return undefined;
      if (this.environment.mode === "dev") return `export const scriptUrl = ${JSON.stringify(DEV_PATH)};`;
      const source = await bundle(true);
      const hash = createHash("sha256").update(source).digest("base64url").slice(0, 8);
      const reference = this.emitFile({
        type: "asset",
        fileName: `assets/sandbox-worker-${hash}.js`,
        source,
      });
      return `export const scriptUrl = import.meta.ROLLUP_FILE_URL_${reference};`;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.split("?")[0] !== DEV_PATH) return next();
        bundle(false).then(
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

async function bundle(minify: boolean): Promise<string> {
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
    plugins: [withoutWorkers(), withoutRemote(), onlyTypeScript()],
    build: {
      write: false,
      minify,
      target: "es2023",
      copyPublicDir: false,
      lib: { entry: ENTRY, formats: ["iife"], name: "lakeletSandbox", fileName: "sandbox-worker" },
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
