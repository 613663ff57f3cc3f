import { describe, expect, test } from "vitest";
import { decodeRows } from "../../engine/arrow/decode.ts";
import { RemoteSession } from "../remote/remote-session.ts";
import { ConnectService } from "../service/connect-service.ts";
import { RpcError, STATUS } from "../service/rpc-error.ts";
import { FakeHost } from "../testing/fake-host.ts";
import { InProcessTransport } from "../testing/in-process-transport.ts";
import { RelayAnswerer } from "./relay-answerer.ts";
import { RelayCaller } from "./relay-caller.ts";
import { decodeRelayMessage, encodeRelayMessage } from "./relay-message.ts";

/** Both sides with a wire between them that takes its time. */
function wired() {
  const host = new FakeHost();
  let answerer: RelayAnswerer;
  const caller = new RelayCaller((bytes) => setImmediate(() => answerer.receive(bytes)));
  answerer = new RelayAnswerer(new ConnectService({ host }), (bytes) =>
    setImmediate(() => caller.receive(bytes)),
  );
  return { host, caller, answerer };
}

describe("the relay", () => {
  test("carries calls, streams, errors and cancels", async () => {
    const { host, caller } = wired();
    const transport = new InProcessTransport(caller);
    const session = await RemoteSession.open({ transport, connection: { metadata: {} } });
    const options = () => ({ operationId: crypto.randomUUID() });
    const result = await session.execute({ kind: "Range", start: 0, end: 100_000, step: 1 }, options());
    expect(decodeRows(result.chunks, result.schema).map((row) => row[0])).toEqual(
      Array.from({ length: 100_000 }, (_, i) => i),
    );
    await expect(session.execute({ kind: "SQL", query: "FAIL analysis" }, options())).rejects.toMatchObject({
      name: "AnalysisException",
    });
    const abort = new AbortController();
    const waiting = session.execute({ kind: "SQL", query: "WAIT" }, { ...options(), signal: abort.signal });
    setTimeout(() => abort.abort(), 30);
    await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining("OPERATION_CANCELED") });
    await expect.poll(() => host.sessions[0]?.cancelled.length).toBe(1);
  });

  test("fails its calls when the page goes", async () => {
    const { caller } = wired();
    const requests = (async function* () {})();
    const silent = new RelayCaller(() => {});
    const answer = silent.handle("Config", { requests, signal: new AbortController().signal });
    const next = answer.next();
    silent.close();
    await expect(next).rejects.toMatchObject({ code: STATUS.UNAVAILABLE });
    caller.close();
  });

  test("messages come back as they were", () => {
    const data = Uint8Array.of(1, 2, 3);
    const messages = [
      { kind: "open", call: 7, method: "Config" },
      { kind: "data", call: 2 ** 32 - 1, data },
      { kind: "end", call: 0 },
      { kind: "cancel", call: 1 },
      { kind: "error", call: 1, code: 13, message: "täxt", details: data },
      { kind: "taken", call: 1, bytes: 77 },
    ] as const;
    for (const message of messages) expect(decodeRelayMessage(encodeRelayMessage(message))).toEqual(message);
    expect(() => decodeRelayMessage(Uint8Array.of(0, 0))).toThrow(RangeError);
    expect(() => decodeRelayMessage(Uint8Array.of(0, 0, 0, 0, 99))).toThrow(RangeError);
  });

  test("unknown methods are refused by the page", async () => {
    const { caller } = wired();
    const requests = (async function* () {})();
    const answer = caller.handle("Nope", { requests, signal: new AbortController().signal });
    await expect(answer.next()).rejects.toBeInstanceOf(RpcError);
  });
});
