import { basename, dirname, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const SERVICE_WORKER = fileURLToPath(new URL("../src/playground/offline-worker.ts", import.meta.url));
const FILE_NAME = "offline.js";
/** Another language's runtime, twice as large as all the rest: kept by those who use it. */
const OPTIONAL = /pyodide|python/;
/** Files beside index.html that the build copies. */
const PUBLIC = ["./", "sandbox.html", "icon.svg"];

/**
 * What the page needs to go on without a network: its service worker knows all its files, and its workers the scripts
 * that they import on demand.
 */
export function offline(): Plugin {
  return {
    name: "lakelet:offline",
    apply: "build",
    enforce: "post",
    applyToEnvironment: (environment) => environment.name === "client",
    buildStart() {
      this.emitFile({ type: "chunk", id: SERVICE_WORKER, fileName: FILE_NAME, preserveSignature: false });
    },
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle)
        .filter((name) => name.startsWith("assets/"))
        .map((name) => (OPTIONAL.test(name) ? `?${name}` : name));
      // Each name ends in "|", by which .ci/size.mjs tells these from what is loaded at once.
      const later = Object.values(bundle)
        .filter((file) => file.type === "chunk" && file.isEntry && file.fileName.includes("-worker-"))
        .map(({ fileName }) => {
          const names = [...laterChunks(fileName)].map((name) => `${relative(dirname(fileName), name)}|`);
          return `${basename(fileName)}:${names.join("")}`;
        });
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        chunk.code = chunk.code
          .replace("__LAKELET_LATER__", later.join(" "))
          .replace("__LAKELET_FILES__", [...PUBLIC, ...files].join(" "));
      }

      /** Everything that an entry imports on demand, with what that imports. */
      function laterChunks(entry: string): Set<string> {
        const later = new Set<string>();
        const seen = new Set<string>();
        const open = [entry];
        while (open.length > 0) {
          const name = open.pop() as string;
          const chunk = bundle[name];
          if (seen.has(name) || chunk?.type !== "chunk") continue;
          seen.add(name);
          for (const next of chunk.dynamicImports) if (bundle[next] !== undefined) later.add(next);
          open.push(...chunk.imports, ...chunk.dynamicImports);
        }
        return later;
      }
    },
  };
}
