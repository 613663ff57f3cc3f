import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientInterpreters } from "./client-python.ts";

const UID = process.getuid?.() ?? 0;
const HEAD =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const line = (port: number, uid: number, inode: number) =>
  `   0: 0100007F:${port.toString(16).toUpperCase()} 0100007F:3A9A 01 00000000:00000000 00:00000000 00000000 ${uid} 0 ${inode} 1 0`;

describe("interpreters of clients", () => {
  let proc: string;

  beforeEach(async () => {
    proc = await mkdtemp(join(tmpdir(), "lakelet-proc-"));
    await mkdir(join(proc, "net"));
    await mkdir(join(proc, "env/bin"), { recursive: true });
    await writeFile(join(proc, "env/bin/python"), "");
    await writeFile(join(proc, "env/bin/python3"), "");
    await writeFile(join(proc, "net/tcp"), [HEAD, line(40001, UID, 7), line(40002, UID + 1, 8)].join("\n"));
    await client("11", 7, `${proc}/env/bin/python\0-m\0pytest\0`);
    await client("12", 8, `${proc}/env/bin/python\0`);
  });
  afterEach(() => rm(proc, { recursive: true }));

  async function client(id: string, inode: number, cmdline: string, maps = ""): Promise<void> {
    await mkdir(join(proc, id, "fd"), { recursive: true });
    await symlink(`socket:[${inode}]`, join(proc, id, "fd/3"));
    await writeFile(join(proc, id, "cmdline"), cmdline);
    await writeFile(join(proc, id, "maps"), maps);
  }

  it("are found by the port of the connection", async () => {
    expect(await clientInterpreters([{ address: "127.0.0.1", port: 40001 }], proc)).toEqual([
      `${proc}/env/bin/python`,
    ]);
  });

  it("are found by the packages that a program has loaded", async () => {
    await rm(join(proc, "11"), { recursive: true });
    const maps = `7f00-7f01 r--p 00000000 08:01 42 ${proc}/env/lib/python3.11/site-packages/pyarrow/libarrow.so.2300\n`;
    await client("13", 7, "/usr/bin/gunicorn\0", maps);
    expect(await clientInterpreters([{ address: "::ffff:127.0.0.1", port: 40001 }], proc)).toEqual([
      `${proc}/env/bin/python3`,
    ]);
  });

  it("are nobody else's, and none of other machines", async () => {
    expect(await clientInterpreters([{ address: "127.0.0.1", port: 40002 }], proc)).toEqual([]);
    expect(await clientInterpreters([{ address: "10.0.0.7", port: 40001 }], proc)).toEqual([]);
    expect(await clientInterpreters([{ address: "127.0.0.1", port: 40001 }], join(proc, "none"))).toEqual([]);
  });
});
