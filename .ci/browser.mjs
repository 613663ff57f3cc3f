/**
 * Finds a Chromium-like browser for the end-to-end tests. In this order: LAKELET_BROWSER, an installed Chrome,
 * Chromium or Edge, Playwright's own download, and the browser inside the npm package @sparticuz/chromium.
 * Has no dependencies of its own, so that it can say what is missing before anything is installed.
 */
import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";

const root = new URL("../", import.meta.url);

/** Everything a test needs to start the browser that was found. */
export function findBrowser() {
  const found = fromEnvironment() ?? installed() ?? playwrightDownload() ?? npmPackage();
  if (found) return { ...found, args: launchArguments(found.executablePath) };
  throw new Error(
    "No browser was found for the end-to-end tests. Install Chrome, Chromium or Edge, or set LAKELET_BROWSER to " +
      "the path of one. (The npm package @sparticuz/chromium brings one for Linux on x64 only.)",
  );
}

/** One line for people: which browser it is and why. */
export function describeBrowser({ executablePath, source, version }) {
  return `${version ?? "browser"} from ${source}: ${executablePath}`;
}

function launchArguments(executablePath) {
  const args = ["--disable-dev-shm-usage"];
  // Chromium refuses its sandbox to root, which is who one is in most containers.
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  if (/lakelet-browser-/.test(executablePath)) args.push("--headless=shell");
  return args;
}

function fromEnvironment() {
  const path = process.env.LAKELET_BROWSER;
  if (!path) return undefined;
  const found = checked(isExecutable(path) ? path : onPath(path), "LAKELET_BROWSER");
  if (found) return found;
  throw new Error(
    `LAKELET_BROWSER is ${JSON.stringify(path)}, which is not a browser that can be started here.`,
  );
}

function installed() {
  const programs = [
    "google-chrome",
    "google-chrome-stable",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
  ];
  const applications = ["Google Chrome", "Chromium", "Microsoft Edge"];
  const windows = [
    "Google\\Chrome\\Application\\chrome.exe",
    "Chromium\\Application\\chrome.exe",
    "Microsoft\\Edge\\Application\\msedge.exe",
  ];
  const candidates = {
    darwin: ["/Applications", join(homedir(), "Applications")].flatMap((folder) =>
      applications.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
    ),
    win32: ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"].flatMap((name) =>
      process.env[name] ? windows.map((path) => join(process.env[name], path)) : [],
    ),
  };
  const paths = candidates[process.platform] ?? programs.map(onPath);
  return first(paths, (path) => checked(path, "this machine"));
}

function playwrightDownload() {
  const folders = {
    darwin: join(homedir(), "Library/Caches/ms-playwright"),
    win32: join(process.env.LOCALAPPDATA ?? homedir(), "ms-playwright"),
  };
  const folder =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    folders[process.platform] ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "ms-playwright");
  if (!existsSync(folder)) return undefined;
  const names = [
    "chrome",
    "chrome.exe",
    "headless_shell",
    "chrome-headless-shell",
    "chrome-headless-shell.exe",
    "Chromium",
    "Google Chrome for Testing",
  ];
  const revisionOf = (name) => Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
  const downloads = readdirSync(folder)
    .filter((name) => /^chromium(_headless_shell)?-\d+$/.test(name))
    .sort((a, b) => revisionOf(b) - revisionOf(a));
  return first(downloads, (name) => {
    const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
    const programs = files.filter((file) => file.isFile() && names.includes(file.name));
    return first(programs, (file) =>
      checked(join(file.parentPath ?? file.path, file.name), "Playwright's download"),
    );
  });
}

/**
 * The package holds the browser compressed and unpacks it to the temporary folder, together with the system
 * libraries that a bare machine lacks. It is unpacked into a folder of our own and then renamed, so that processes
 * that start at once never see half a browser.
 */
function npmPackage() {
  const manifest = new URL("node_modules/@sparticuz/chromium/package.json", root);
  if (process.platform !== "linux" || process.arch !== "x64" || !existsSync(manifest)) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  const folder = join(tmpdir(), `lakelet-browser-${version}-${userInfo().uid}`);
  if (!existsSync(folder)) unpack(folder);
  const env = {
    FONTCONFIG_PATH: join(folder, "fonts"),
    LD_LIBRARY_PATH: [join(folder, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
  };
  const found = checked(join(folder, "chromium"), "the npm package @sparticuz/chromium", env);
  if (found) return found;
  throw new Error(`The browser unpacked to ${folder} does not start. Delete that folder and try again.`);
}

function unpack(folder) {
  const unfinished = mkdtempSync(`${folder}.`);
  const script = `import("@sparticuz/chromium").then(({ default: chromium }) => chromium.executablePath())`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    encoding: "utf8",
    // Unless it believes itself on AWS it does not unpack the system libraries.
    env: { ...process.env, TMPDIR: unfinished, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
  });
  if (status !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new Error(`Unpacking the browser of @sparticuz/chromium failed:\n${stderr}`);
  }
  writeFileSync(
    join(unfinished, "fonts/fonts.conf"),
    `<?xml version="1.0"?>\n<fontconfig>\n  <dir>${folder}/fonts</dir>\n  <dir>/usr/share/fonts</dir>\n` +
      `  <cachedir>${folder}/fonts-cache</cachedir>\n</fontconfig>\n`,
  );
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process was quicker: its copy is as good.
    if (!existsSync(folder)) throw error;
  }
}

/** The browser at that path, if it is one that starts: on some systems `chromium` only says how to install it. */
function checked(path, source, env = {}) {
  if (path === undefined || !isExecutable(path)) return undefined;
  // Chrome for Windows does not print its version but opens a window.
  if (process.platform === "win32") return { executablePath: path, source, env };
  const { status, stdout } = spawnSync(path, ["--version"], {
    encoding: "utf8",
    timeout: 20_000,
    env: { ...process.env, ...env },
  });
  if (status !== 0) return undefined;
  return { executablePath: path, source, env, version: stdout.trim().split("\n").at(-1) };
}

function first(items, find) {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function onPath(program) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) console.log(describeBrowser(findBrowser()));
