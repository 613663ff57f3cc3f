import { describe, expect, it } from "vitest";
import { histogram } from "./histogram.ts";

// `SELECT histogram_numeric(id, 5) FROM range(0, 20, 1, 1)` and its like on Spark 4.3; centres of whole numbers are cut.
describe("histogram", () => {
  it("merges the closest bins as Spark does", () => {
    const bins = histogram(
      Array.from({ length: 20 }, (_, i) => i),
      5,
    );
    expect(bins.map((b) => [Math.trunc(b.x), b.y])).toEqual([
      [1, 5],
      [7, 5],
      [11, 4],
      [15, 4],
      [18, 2],
    ]);
  });

  it("counts equal values in one bin", () => {
    expect(histogram([1, 5, 7, 9, 2, 5], 3).map((b) => [Math.trunc(b.x), b.y])).toEqual([
      [1, 2],
      [5, 2],
      [8, 2],
    ]);
  });
});
