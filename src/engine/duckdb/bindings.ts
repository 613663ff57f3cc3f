/** What we use of DuckDB-WASM's blocking bindings, which is the same in browsers and in Node. */
export interface DuckdbModule {
  readonly HEAPU8: Uint8Array;
  readonly HEAPF64: Float64Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  stackSave(): number;
  stackAlloc(size: number): number;
  stackRestore(pointer: number): void;
  ccall(name: string, returns: string | null, types: readonly string[], args: readonly unknown[]): unknown;
}

export interface DuckdbBindings {
  readonly mod: DuckdbModule;
  instantiate(): Promise<unknown>;
  open(config: object): void;
  getVersion(): string;
  connect(): object;
  disconnect(connection: number): void;
  runQuery(connection: number, sql: string): Uint8Array;
  startPendingQuery(connection: number, sql: string, allowStreamResult: boolean): Uint8Array | null;
  pollPendingQuery(connection: number): Uint8Array | null;
  cancelPendingQuery(connection: number): boolean;
  fetchQueryResults(connection: number): Uint8Array | null;
  insertArrowFromIPCStream(
    connection: number,
    bytes: Uint8Array,
    options?: { readonly name: string; readonly schema?: string; readonly create?: boolean },
  ): void;
}

/** What the wasm calls back, beside its file functions. */
export interface DuckdbCallbacks {
  callScalarUDF(
    mod: DuckdbModule,
    response: number,
    functionId: number,
    description: number,
    descriptionSize: number,
    pointers: number,
    pointersSize: number,
  ): void;
  progressUpdate(final: number, percentage: number, iteration: number): void;
}

/** Loads the bindings with a runtime that has these callbacks; not yet instantiated. */
export type LoadDuckdb = (callbacks: DuckdbCallbacks) => Promise<DuckdbBindings>;

/** Calls an exported function that answers with a status, a pointer and a size; its error text is thrown. */
export function callChecked(
  mod: DuckdbModule,
  name: string,
  types: readonly string[],
  args: readonly unknown[],
): void {
  const stack = mod.stackSave();
  const response = mod.stackAlloc(3 * 8);
  mod.ccall(name, null, ["number", ...types], [response, ...args]);
  const [status, data, size] = mod.HEAPF64.subarray(
    response >> 3,
    (response >> 3) + 3,
  ) as unknown as number[];
  const text =
    status === 0
      ? ""
      : new TextDecoder().decode(mod.HEAPU8.subarray(data, (data as number) + (size as number)));
  mod.stackRestore(stack);
  if (status !== 0) throw new Error(text);
}
