import { RpcError, STATUS } from "../service/rpc-error.ts";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The error that the headers or trailers of a call tell of; undefined when it went well. */
export function statusOf(received: readonly Headers[]): RpcError | undefined {
  const find = (name: string): string | undefined => {
    // Trailers come last and win.
    for (let i = received.length - 1; i >= 0; i--) {
      const value = received[i]?.[name];
      if (value !== undefined) return typeof value === "string" ? value : value.join(",");
    }
    return undefined;
  };
  const status = find("grpc-status");
  if (status === undefined) {
    const http = find(":status");
    if (http !== undefined && http !== "200") return httpError(Number(http));
    return new RpcError(STATUS.UNAVAILABLE, "the answer ended without a gRPC status");
  }
  if (Number(status) === STATUS.OK) return undefined;
  const details = find("grpc-status-details-bin");
  return new RpcError(
    Number(status),
    percentDecode(find("grpc-message") ?? ""),
    details === undefined ? {} : { details: fromBase64(details) },
  );
}

/** gRPC's reading of an HTTP status that came without one of its own. */
export function httpError(status: number): RpcError {
  const codes: Readonly<Record<number, number>> = {
    400: STATUS.INTERNAL,
    401: STATUS.UNAUTHENTICATED,
    404: STATUS.UNIMPLEMENTED,
    429: STATUS.UNAVAILABLE,
    502: STATUS.UNAVAILABLE,
    503: STATUS.UNAVAILABLE,
    504: STATUS.UNAVAILABLE,
  };
  return new RpcError(codes[status] ?? STATUS.UNKNOWN, `the server answered with HTTP status ${status}`);
}

export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Base64 with or without padding. */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}
