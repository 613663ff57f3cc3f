import { describe, expect, it } from "vitest";
import { KERNEL_NAMES, loadKernels } from "./index.ts";

describe("the groups of kernels", () => {
  it("name exactly what their files have", async () => {
    const loaded = (await loadKernels(KERNEL_NAMES)).map((kernel) => kernel.name);
    expect(loaded).toEqual([...new Set(loaded)]);
    expect(loaded.sort()).toEqual([...KERNEL_NAMES].sort());
  });

  it("load only what is asked for", async () => {
    expect((await loadKernels(["rlike"])).map((kernel) => kernel.name)).toEqual(["rlike"]);
    await expect(loadKernels(["no_such"])).rejects.toThrow("no kernel named no_such");
  });
});
