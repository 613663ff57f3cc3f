import factoryUrl from "pyodide/pyodide.asm.mjs?url";
import wasmUrl from "pyodide/pyodide.asm.wasm?url";
import { info } from "pyodide/pyodide-lock.json";
import stdlibUrl from "pyodide/python_stdlib.zip?url";
import type { PythonAssets } from "./sandbox/python-protocol.ts";

/** Loads Pyodide's files, some 5 MB over the wire, from the page's own origin. */
export async function loadPythonAssets(): Promise<PythonAssets> {
  const [factory, wasm, stdlib] = await Promise.all([
    load(factoryUrl).then((response) => response.text()),
    load(wasmUrl).then((response) => response.arrayBuffer()),
    load(stdlibUrl).then((response) => response.arrayBuffer()),
  ]);
  return { factory, wasm, stdlib, lock: JSON.stringify({ info, packages: {} }) };
}

async function load(address: string): Promise<Response> {
  const url = new URL(address, document.baseURI);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} could not be loaded (${response.status})`);
  return response;
}
