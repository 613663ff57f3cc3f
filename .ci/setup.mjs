/** What `npm start` and `npm test` need first: the right Node and the packages of the lockfile. No dependencies. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));

const NEEDED = [20, 19];

export function setUp() {
  checkNode();
  installPackages();
}

/** Runs a package's program with this Node; gives its exit code. */
export function runProgram(program, args, env = {}) {
  const { status, signal, error } = spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  return signal ? 1 : status;
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  console.error(`Lakelet needs Node ${NEEDED.join(".")} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

function installPackages() {
  const reason = whyInstall();
  if (reason === undefined) return;
  console.log(`Installing packages from package-lock.json: ${reason}.`);
  // Started by npm, its own program is known; started by Node alone, it is looked for as a shell would.
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: "inherit" };
  const args = ["ci", "--no-audit", "--no-fund"];
  const { status, error } = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync(["npm", ...args].join(" "), { ...options, shell: true });
  if (error || status !== 0) {
    console.error(
      `\`npm ci\` failed${error ? `: ${error.message}` : ""}. What it said above is the reason. It needs a network, or npm's cache from an earlier time.`,
    );
    process.exit(status || 1);
  }
}

/** npm notes what it has installed in a lockfile of its own, written last: what that lacks is not there. */
function whyInstall() {
  const note = `${root}node_modules/.package-lock.json`;
  if (!existsSync(note)) return "nothing is installed yet";
  const wanted = packagesOf(`${root}package-lock.json`);
  const installed = packagesOf(note);
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === "" || optional || installed[path]?.version === version) continue;
    return `${path.replace(/^node_modules\//, "")} ${version} is missing or another version`;
  }
  return undefined;
}

function packagesOf(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}
