import { LakeletError } from "../errors/lakelet-error.ts";
import type { Storage } from "../storage/storage.ts";
import type { FetchedFile, UserFiles } from "./user-files.ts";

/** Paths of `read` and `write` in a browser: files below `files/` of the warehouse's storage, then the page's own origin. */
export function browserFiles(storage: Storage, baseUrl: string): UserFiles {
  /** What was read last, by address: not asked for again while it is the same, and there when the network is not. */
  const kept = new Map<string, KeptFile>();
  return {
    storage,
    target: "storage",
    toStoragePath,
    display: (path) => `opfs:/${path.startsWith(ROOT) ? path.slice(ROOT.length) : path}`,
    ref: (path) => ({ kind: "storage", path }),
    fetch: (path) => fetchOwn(path, baseUrl, kept),
  };
}

const ROOT = "files/";

/** `/a//b`, `a/b`, `opfs:/a/b` and `file:/a/b` are the same file. */
function toStoragePath(path: string): string {
  const plain = path.replace(/^(opfs|file):\/*/i, "");
  const parts = plain.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    throw new LakeletError("internal", `the path ${JSON.stringify(path)} climbs out of the warehouse ("..")`);
  }
  return `${ROOT}${parts.join("/")}`;
}

interface KeptFile extends FetchedFile {
  /** Headers that ask whether it is still the same. */
  readonly unlessChanged: Readonly<Record<string, string>>;
}

async function fetchOwn(
  path: string,
  baseUrl: string,
  kept: Map<string, KeptFile>,
): Promise<FetchedFile | undefined> {
  if (/^(opfs|file):/i.test(path)) return undefined;
  const url = new URL(path, baseUrl);
  if (url.origin !== new URL(baseUrl).origin && url.protocol !== "blob:" && url.protocol !== "data:") {
    throw new LakeletError(
      "unavailable",
      `${url.href} is on another origin, which this page never asks; download the file and drop it here, or serve it beside the page`,
    );
  }
  const last = kept.get(url.href);
  let response: Response;
  try {
    response = await fetch(url, last === undefined ? {} : { headers: last.unlessChanged });
  } catch (cause) {
    if (last !== undefined) return last;
    throw new LakeletError(
      "unavailable",
      `${url.href} could not be read; is there a network? Files that were read before are read again without one`,
      { retryable: true, cause },
    );
  }
  if (response.status === 304 && last !== undefined) return last;
  if (response.status === 404) return undefined;
  if (!response.ok) {
    throw new LakeletError("unavailable", `${url.href} answered ${response.status} ${response.statusText}`, {
      retryable: response.status >= 500,
    });
  }
  // Development servers answer a missing path with the page itself.
  const isPage = (response.headers.get("content-type") ?? "").startsWith("text/html");
  if (isPage && !/\.html?$/i.test(url.pathname)) return undefined;
  const [etag, modified] = [response.headers.get("etag"), response.headers.get("last-modified")];
  const unlessChanged: Record<string, string> = {};
  if (etag !== null) unlessChanged["if-none-match"] = etag;
  else if (modified !== null) unlessChanged["if-modified-since"] = modified;
  const file = { content: await response.blob(), version: etag ?? modified ?? "", unlessChanged };
  kept.set(url.href, file);
  return file;
}
