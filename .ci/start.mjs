/** `npm start`: installs if needed, builds the page if it is older than its sources, serves it on this machine. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

/** The address decides whose tables a browser shows, so it stays the same from start to start. */
const PORT = 4717;
const HOST = "127.0.0.1";

const wanted = Number(argument("--port") ?? process.env.LAKELET_PORT ?? PORT);
if (!(Number.isInteger(wanted) && wanted >= 0 && wanted < 65_536)) {
  console.error(`${argument("--port") ?? process.env.LAKELET_PORT} is not a port number.`);
  process.exit(1);
}

setUp();
const { createBuilder, preview } = await import("vite");
if (isStale()) {
  console.log("Building the page ...");
  const builder = await createBuilder({ root, logLevel: "warn" });
  await builder.build(builder.environments.client);
}
const port = await freePort(wanted);
const server = await preview({ root, logLevel: "warn", preview: { host: HOST, port, strictPort: true } });
if (port !== wanted && wanted !== 0) {
  console.log(
    `Port ${wanted} is taken. A browser keeps tables by address: those saved at ${wanted} stay there.`,
  );
}
console.log(`Lakelet is at http://${HOST}:${port}/ (Ctrl+C ends it)`);
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => server.close().finally(() => process.exit(0)));

function argument(name) {
  const index = process.argv.indexOf(name);
  if (index !== -1) return process.argv[index + 1] ?? "";
  return process.argv.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1);
}

function isStale() {
  const page = join(root, "dist/index.html");
  if (!existsSync(page)) return true;
  const sources = ["index.html", "vite.config.ts", "package-lock.json", "src", "public", ".ci"];
  return Math.max(...sources.map((path) => newestMs(join(root, path)))) > statSync(page).mtimeMs;
}

function newestMs(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

async function freePort(first) {
  for (let port = first; port < first + 100; port++) {
    const free = await new Promise((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(undefined));
      probe.listen(port, HOST, () => {
        const found = probe.address().port;
        probe.close(() => resolve(found));
      });
    });
    if (free !== undefined) return free;
  }
  console.error(`No free port between ${first} and ${first + 99}.`);
  process.exit(1);
}
