export interface FoundBrowser {
  readonly executablePath: string;
  readonly source: string;
  readonly version?: string;
  /** Arguments to start it with, beside those of the caller. */
  readonly args: string[];
  /** Variables that its environment needs, beside those of this process. */
  readonly env: Readonly<Record<string, string>>;
}

export function findBrowser(): FoundBrowser;
export function describeBrowser(browser: FoundBrowser): string;
