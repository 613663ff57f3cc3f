import type { Kernel } from "../kernel.ts";

const ALL: readonly (readonly Kernel[])[] = [];

/** Every kernel by name. */
export const KERNELS: ReadonlyMap<string, Kernel> = new Map(ALL.flat().map((k) => [k.name, k]));
