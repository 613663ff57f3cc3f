import { expect, test } from "@playwright/test";

test("the page opens, and every request stays with its own origin", async ({ page, baseURL }) => {
  const origin = new URL(baseURL ?? "").origin;
  const foreign: string[] = [];
  const broken: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== origin) foreign.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) broken.push(`${response.status()} ${response.url()}`);
  });
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") broken.push(message.text());
  });

  await page.goto("./", { waitUntil: "networkidle" });

  await expect(page).toHaveTitle(/Lakelet/);
  expect(foreign).toEqual([]);
  expect(broken).toEqual([]);
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
