import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";

/** The far end of a connection to this process. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
/** A module that every client has loaded: it tells where the client's packages are. */
const LOADED = /(\/\S+)\/lib\d*\/python3\.\d+\/(?:site|dist)-packages\/(?:pyarrow|grpc)\//;

/**
 * Interpreters of the Python programs on this machine, of the same user, that hold the far end of these connections:
 * whoever sends a function has the Python that it was made for. Linux tells; elsewhere there are none.
 */
export async function clientInterpreters(peers: readonly Peer[], proc = "/proc"): Promise<readonly string[]> {
  const ports = new Set(peers.filter((p) => LOOPBACK.test(p.address)).map((p) => p.port));
  if (ports.size === 0) return [];
  try {
    const sockets = await socketsAt(ports, proc);
    const found = new Set<string>();
    for (const id of await processesWith(sockets, proc)) {
      for (const interpreter of await interpretersOf(`${proc}/${id}`)) found.add(interpreter);
    }
    return [...found];
  } catch {
    return [];
  }
}

/** `socket:[inode]` of this user's connections from these local ports. */
async function socketsAt(ports: ReadonlySet<number>, proc: string): Promise<ReadonlySet<string>> {
  const sockets = new Set<string>();
  const uid = String(process.getuid?.());
  for (const table of ["tcp", "tcp6"]) {
    const lines = (await readFile(`${proc}/net/${table}`, "utf8").catch(() => "")).split("\n").slice(1);
    for (const line of lines) {
      const [, local = "", , , , , , owner, , inode] = line.trim().split(/\s+/);
      const port = Number.parseInt(local.split(":").at(-1) ?? "", 16);
      if (ports.has(port) && owner === uid) sockets.add(`socket:[${inode}]`);
    }
  }
  return sockets;
}

async function processesWith(sockets: ReadonlySet<string>, proc: string): Promise<readonly string[]> {
  if (sockets.size === 0) return [];
  const holders = await Promise.all(
    (await readdir(proc))
      .filter((name) => /^\d+$/.test(name))
      .map(async (id) => {
        const folder = `${proc}/${id}/fd`;
        // Processes of other users, or that have just ended, cannot be looked into.
        const handles = await readdir(folder).catch(() => []);
        const links = await Promise.all(handles.map((h) => readlink(`${folder}/${h}`).catch(() => "")));
        return links.some((link) => sockets.has(link)) ? id : undefined;
      }),
  );
  return holders.filter((id) => id !== undefined && id !== String(process.pid)) as readonly string[];
}

async function interpretersOf(folder: string): Promise<readonly string[]> {
  const [command = ""] = (await readFile(`${folder}/cmdline`, "utf8").catch(() => "")).split("\0");
  const prefix = LOADED.exec(await readFile(`${folder}/maps`, "utf8").catch(() => ""))?.[1];
  const candidates = [
    ...(isAbsolute(command) && /\/(python|pypy)[^/]*$/.test(command) ? [command] : []),
    ...(prefix === undefined ? [] : [`${prefix}/bin/python3`]),
  ];
  const exist = await Promise.all(
    candidates.map((path) =>
      stat(path).then(
        (s) => s.isFile(),
        () => false,
      ),
    ),
  );
  return candidates.filter((_, i) => exist[i]);
}
