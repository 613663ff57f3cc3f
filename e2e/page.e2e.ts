import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { serveStatic } from "./support/static-server.ts";

test("the page opens, and every request stays with its own origin", async ({ page, baseURL }) => {
  await expectToOpen(page, baseURL ?? "");
});

test("the built page works from any static host, deep under some path", async ({ page }) => {
  const dist = new URL("../dist/", import.meta.url);
  const host = await serveStatic((path) => {
    if (!path.startsWith("/some/deep path/")) throw new Error(`nothing at ${path}`);
    const file = path.slice("/some/deep path/".length);
    return readFileSync(new URL(file === "" ? "index.html" : file, dist));
  });
  try {
    await expectToOpen(page, `${host.origin}/some/deep%20path/`);
  } finally {
    await host.close();
  }
});

test("the page's policy lets it speak to no other origin and evaluate no text", async ({ page }) => {
  await page.goto("./");
  const outcome = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const violated: string[] = [];
        document.addEventListener("securitypolicyviolation", (event) =>
          violated.push(event.effectiveDirective),
        );
        // Later, because what a debugger evaluates directly is exempt from the policy.
        setTimeout(async () => {
          await fetch("https://example.com/").catch(() => undefined);
          try {
            new Function("return 1")();
            resolve("evaluated");
          } catch {
            setTimeout(() => resolve(violated), 100);
          }
        }, 0);
      }),
  );
  expect(outcome).toEqual(["connect-src", "script-src"]);
});

/** Opens the page and waits until it rests: nothing may fail, and nothing may be asked of another origin. */
async function expectToOpen(page: Page, address: string): Promise<void> {
  const { origin } = new URL(address);
  const foreign: string[] = [];
  const broken: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin) foreign.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) broken.push(`${response.status()} ${response.url()}`);
  });
  page.on("requestfailed", (request) => broken.push(`failed: ${request.url()}`));
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") broken.push(message.text());
  });
  await page.goto(address, { waitUntil: "networkidle" });
  await expect(page).toHaveTitle(/Lakelet/);
  expect(foreign).toEqual([]);
  expect(broken).toEqual([]);
}
