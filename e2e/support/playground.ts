import { expect, type Page } from "@playwright/test";
import type { CellLanguage } from "../../src/playground/sandbox/protocol.ts";

/** The page as a visitor uses it. */
export class Playground {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page and waits until the engine's state is told. `?warehouse=memory` keeps tables out of OPFS. */
  async open(query = ""): Promise<void> {
    await this.page.goto(`./${query}`);
    await expect(this.page.getByTestId("engine-status")).toContainText("Ready");
  }

  async setCode(language: CellLanguage, code: string): Promise<void> {
    await this.page.check(`[data-testid=cell] input[value=${language}]`);
    const content = this.page.locator("[data-testid=editor] .cm-content");
    await content.click();
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.press("Delete");
    // Typing would trigger the editor's bracket closing; text that is put in does not.
    await this.page.keyboard.insertText(code);
  }

  /** Runs what is in the editor and waits until it is done. */
  async run(): Promise<void> {
    await this.page.getByTestId("run").click();
    await expect(this.page.getByTestId("run")).toBeEnabled({ timeout: 90_000 });
  }

  async runCode(language: CellLanguage, code: string): Promise<void> {
    await this.setCode(language, code);
    await this.run();
  }

  /** Rows of the result grid that are drawn, cells as text. */
  async gridRows(): Promise<string[][]> {
    const grid = this.page.getByTestId("result-grid").last();
    await expect(grid.locator("tbody tr").first()).toBeVisible();
    return grid
      .locator("tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")),
      );
  }

  /** Text that programs printed. */
  async printed(): Promise<string> {
    return (await this.page.getByTestId("output-text").allTextContents()).join("\n");
  }

  async error(): Promise<string> {
    return (await this.page.getByTestId("output-error").textContent()) ?? "";
  }
}
