import type { Kernel } from "../kernel.ts";

let rows = 0;

/** A number that grows with each row that is asked for; the argument only keeps DuckDB from asking once for all rows. */
export const ROW_COUNTER_KERNELS: readonly Kernel[] = [
  {
    name: "row_counter",
    args: ["int32"],
    result: "double",
    nulls: "pass",
    call: () => {
      rows += 1;
      return rows;
    },
  },
];
