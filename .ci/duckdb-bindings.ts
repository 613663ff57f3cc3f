import type { Plugin } from "vite";

const BINDINGS = "duckdb-browser-blocking.mjs";
const NO_ARROW = "\0lakelet-no-arrow";

/** What the bindings take from Arrow, in functions of theirs that make Arrow tables. */
const ARROW_NAMES = ["RecordBatchReader", "Table", "Type", "tableToIPC"];

/**
 * Leaves out of DuckDB's bindings what an engine never runs, a good part of its script:
 *
 * - Arrow's JavaScript: engines give and take Arrow as bytes;
 * - the glue for browsers without WebAssembly exceptions, which needs another wasm than the one we ship.
 *
 * The bindings' version is pinned. Should another one look different, the build fails and says so.
 */
export function duckdbBindings(): Plugin {
  return {
    name: "lakelet:duckdb-bindings",
    apply: "build",
    enforce: "pre",
    resolveId: (id, importer) =>
      id === "apache-arrow" && importer?.endsWith(BINDINGS) ? NO_ARROW : undefined,
    load: (id) => (id === NO_ARROW ? withoutArrow() : undefined),
    transform(code, id) {
      if (!id.endsWith(BINDINGS)) return undefined;
      const changed = slimGlue(code);
      if (changed === undefined) this.error(`${BINDINGS} is not the one that .ci/duckdb-bindings.ts knows`);
      return { code: changed, map: null };
    },
  };
}

function withoutArrow(): string {
  const names = ARROW_NAMES.map((name) => `export const ${name} = absent;`);
  return [
    `const refuse = () => { throw new Error("engines give and take Arrow as bytes"); };`,
    `const absent = new Proxy(refuse, { get: refuse, construct: refuse });`,
    ...names,
  ].join("\n");
}

/** Each glue is `var name = wrap((exports, module) => {...})`: the first for plain wasm, the second with exceptions. */
const GLUE = /var (\w+)=\w+\(\(exports,module\)=>\{"use strict";var DuckDB=/g;
const END_OF_GLUE = 'import*as Z from"apache-arrow"';

function slimGlue(code: string): string | undefined {
  const [plain, exceptions, ...others] = [...code.matchAll(GLUE)];
  const end = code.indexOf(END_OF_GLUE);
  if (plain === undefined || exceptions === undefined || others.length > 0) return undefined;
  if (end < exceptions.index) return undefined;
  // The class that is chosen where exceptions exist must be the one that uses the glue that stays.
  const choice = /\.wasmExceptions&&\w+\.eh\?new (\w+)\(/.exec(code)?.[1];
  const used = new RegExp(`var \\w+=\\w+\\(${exceptions[1]}\\(\\)\\);var ${choice}=class`).test(code);
  const glue = code.slice(exceptions.index, end);
  if (!used) return undefined;
  const refusal = `var ${plain[1]}=()=>()=>{throw new Error("this browser lacks WebAssembly exceptions")};`;
  return code.slice(0, plain.index) + refusal + glue + code.slice(end);
}
