import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { withoutUnreachable } from "./unreachable.ts";

const WASM = new URL("../node_modules/@duckdb/duckdb-wasm/dist/duckdb-eh.wasm", import.meta.url);
const BINDINGS = "duckdb-browser-blocking.mjs";
const NO_ARROW = "\0lakelet-no-arrow";

/** What the bindings take from Arrow, in functions of theirs that make Arrow tables. */
const ARROW_NAMES = ["RecordBatchReader", "Table", "Type", "tableToIPC"];

/**
 * Leaves out of DuckDB's bindings what an engine never runs, half of its script:
 *
 * - Arrow's JavaScript: engines give and take Arrow as bytes;
 * - the glue for browsers without WebAssembly exceptions, which needs another wasm than the one we ship;
 * - in the glue that stays, the functions that the wasm does not import (a whole emulation of SDL, OpenGL and OpenAL,
 *   there for extensions that might be loaded; we load none).
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
  const glue = withImportedOnly(code.slice(exceptions.index, end));
  if (!used || glue === undefined) return undefined;
  const refusal = `var ${plain[1]}=()=>()=>{throw new Error("this browser lacks WebAssembly exceptions")};`;
  return code.slice(0, plain.index) + refusal + glue + code.slice(end);
}

/** Imports that the wasm only takes the address of, for programs that draw or play: OpenGL and OpenAL. */
const MEDIA = /^(emscripten_gl|alc?[A-Z]|emscripten_alc)/;
/** What else holds on to pictures and sound, each with what takes its place. All must be found, each once. */
const MEDIA_USES: readonly (readonly [RegExp, string])[] = [
  [/Module\.requestFullscreen=Browser\.requestFullscreen(,Module\.\w+=Browser\.\w+)*;/, ""],
  [/registerPostMainLoop\(\(\)=>\{var e,r;return[^{}]*SDL\.audio[^{}]*\}\),/, ""],
  [/typeof Browser<"u"&&Browser\.init\(\);/, ""],
  [/(\d+):e=>\{if\(!e\)return AL\.[^{}]*\},(\d+):e=>\{if\(!AL\.[^{}]*\}/, "$1:()=>1,$2:()=>1"],
];
const SIGNATURE = /\b([\w$]+)\.sig="(\w*)"/g;

/**
 * Drops from the glue's table of imports what the wasm does not import, and puts refusals in the place of pictures and
 * sound; then nothing reaches their functions. That needs
 * that no `eval` sees their scope and no property is set on them: what is evaluated there are scripts of loaded extensions, and `sig` describes functions to the wasm.
 */
function withImportedOnly(glue: string): string | undefined {
  const table = /var wasmImports=\{([^{}]*)\}/.exec(glue);
  if (table?.[1] === undefined) return undefined;
  const wasm = new WebAssembly.Module(readFileSync(WASM));
  const imported = new Set(WebAssembly.Module.imports(wasm).map(({ name }) => name));
  if (WebAssembly.Module.exports(wasm).some(({ name }) => name === "__start_em_asm")) return undefined;

  const signatures = new Map([...glue.matchAll(SIGNATURE)].map(([, name = "", text = ""]) => [name, text]));
  // Some functions are other names of others, which have been given the signature.
  const otherNames = new Map(
    [...glue.matchAll(/[\s,]([\w$]+)=(_[\w$]+)(?=[,;])/g)].map(([, a = "", b = ""]) => [a, b]),
  );
  const namesOf = (name: string): string[] => {
    const names = [name];
    for (let next = otherNames.get(name); next !== undefined; next = otherNames.get(next)) names.push(next);
    return names;
  };
  const entries: string[] = [];
  const kept = new Set<string>();
  for (const entry of table[1].split(",")) {
    const [name = "", value = name] = entry.split(":");
    if (!imported.has(name)) continue;
    if (MEDIA.test(name)) {
      const signature = namesOf(value)
        .map((other) => signatures.get(other))
        .find((text) => text !== undefined);
      // The wasm takes its address, for which it needs a signature.
      if (signature === undefined) return undefined;
      entries.push(`${name}:lakeletNoMedia("${signature}")`);
    } else {
      entries.push(entry);
      for (const other of namesOf(value)) kept.add(other);
    }
  }
  const noMedia = `var lakeletNoMedia=sig=>Object.assign(()=>{throw new Error("an engine has no picture and no sound")},{sig});`;
  let slim = glue;
  for (const [use, instead] of MEDIA_USES) {
    if (slim.split(use).length === 1 || use.test(slim.replace(use, instead))) return undefined;
    slim = slim.replace(use, instead);
  }
  return withoutUnreachable(
    slim
      .replace(table[0], `${noMedia}var wasmImports={${entries.join(",")}}`)
      .replace(SIGNATURE, (whole, name: string) => (kept.has(name) ? whole : "0"))
      .replace(/\beval\(/g, "globalThis.eval("),
  );
}
