import { describe, expect, it } from "vitest";
import { fromIpynb, notebookFragment, notebookOfFragment, parseNotebook, toIpynb } from "./notebook.ts";

const NOTEBOOK = [
  { language: "markdown", code: "# Title\n\nwith *words*" },
  { language: "typescript", code: 'spark.range(3).show();\n// "quotes", ümlaut, 漢字\n' },
  { language: "sql", code: "SELECT 1\n" },
  { language: "python", code: "spark.range(3)\n" },
] as const;

describe("a notebook", () => {
  it("goes into a link and comes out of it", async () => {
    const fragment = await notebookFragment(NOTEBOOK);
    expect(fragment).toMatch(/^notebook=[\w-]+$/);
    expect(await notebookOfFragment(`#${fragment}`)).toEqual(NOTEBOOK);
    expect(await notebookOfFragment("#elsewhere")).toBeUndefined();
    expect(await notebookOfFragment("")).toBeUndefined();
  });

  it("is refused when a link is broken, unfolds to too much, or says something else", async () => {
    await expect(notebookOfFragment("#notebook=!!!")).rejects.toThrow();
    await expect(notebookOfFragment("#notebook=AAAA")).rejects.toThrow();
    await expect(notebookOfFragment(`#notebook=${"A".repeat(200_000)}`)).rejects.toThrow("too long");
    const bomb = [{ language: "sql", code: "x".repeat(3_000_000) }] as const;
    const fragment = await notebookFragment(bomb);
    expect(fragment.length).toBeLessThan(10_000);
    await expect(notebookOfFragment(fragment)).rejects.toThrow("unfolds to more than 1024 KB");
    const noise = Array.from({ length: 30_000 }, (_, i) => Math.sin(i).toString(36)).join("");
    await expect(notebookFragment([{ language: "sql", code: noise }])).rejects.toThrow("export it as a file");
    expect(() => parseNotebook("{}")).toThrow("a list of cells");
    expect(() => parseNotebook('[{"language": "toString", "code": ""}]')).toThrow("cell 1 has no known");
    expect(() => parseNotebook('[{"language": "sql", "code": 1}]')).toThrow("cell 1");
  });

  it("goes into a file of Jupyter's and comes out of it", () => {
    const text = toIpynb(NOTEBOOK);
    const { cells, nbformat } = JSON.parse(text);
    expect(nbformat).toBe(4);
    expect(cells.map((cell: { cell_type: string }) => cell.cell_type)).toEqual([
      "markdown",
      "code",
      "code",
      "code",
    ]);
    expect(cells[2].source).toEqual(["%%sql\n", "SELECT 1\n"]);
    expect(fromIpynb(text)).toEqual(NOTEBOOK);
    expect(fromIpynb('{"cells": [{"cell_type": "code", "source": "1 + 1"}]}')).toEqual([
      { language: "python", code: "1 + 1" },
    ]);
    expect(() => fromIpynb("{}")).toThrow("has no cells");
  });
});
