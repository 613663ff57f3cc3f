import { dirname, resolve } from "node:path";
import type { Plugin } from "vite";

/**
 * Makes the page's workers entries of the page's own build. Vite builds each worker on its own, so that what page,
 * driver and engine have in common (Arrow, types, errors, functions) would be loaded once for each of them.
 */
export function pageWorkers(): Plugin {
  return {
    name: "lakelet:page-workers",
    apply: "build",
    enforce: "pre",
    applyToEnvironment: (environment) => environment.name === "client",
    transform(code, id) {
      if (!id.endsWith(".ts") || !code.includes("new Worker")) return undefined;
      const changed = code.replace(
        /(new\s+Worker\(\s*)new\s+URL\(\s*["']([^"']+\.ts)["']\s*,\s*import\.meta\.url\s*\)/g,
        (_, before: string, path: string) => {
          const reference = this.emitFile({
            type: "chunk",
            id: resolve(dirname(id), path),
            preserveSignature: false,
          });
          return `${before}import.meta.ROLLUP_FILE_URL_${reference}`;
        },
      );
      return changed === code ? undefined : { code: changed, map: null };
    },
  };
}

const FURTHER_FAMILIES = "\0lakelet-further-families";

/** Leaves most families of functions out of the driver's first script: it loads them when a program misses one. */
export function laterFamilies(): Plugin {
  return {
    name: "lakelet:later-families",
    apply: "build",
    enforce: "pre",
    applyToEnvironment: (environment) => environment.name === "client",
    resolveId: (id) => (id.endsWith("/families/further.ts") ? FURTHER_FAMILIES : undefined),
    load: (id) => (id === FURTHER_FAMILIES ? "export const FURTHER_FAMILIES = undefined;" : undefined),
  };
}
