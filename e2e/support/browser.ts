import { type BrowserContext, chromium, type LaunchOptions } from "@playwright/test";
import { findBrowser } from "../../.ci/browser.mjs";

/** How to start the browser that was found, for tests and measurements that start it themselves. */
export function launchOptions(): LaunchOptions {
  const { executablePath, args, env } = findBrowser();
  return { executablePath, args, env: { ...(process.env as Record<string, string>), ...env } };
}

/** A browser whose storage lives in `profileDirectory` and is still there when it is opened again. */
export function openProfile(profileDirectory: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profileDirectory, launchOptions());
}
