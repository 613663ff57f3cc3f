import { sparkError } from "../../errors/spark-error.ts";

/** What `sc://host:port/;key=value;...` says, as PySpark reads it. */
export interface ConnectionString {
  readonly host: string;
  readonly port: number;
  readonly useTls: boolean;
  readonly token?: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly userAgent?: string;
  /** All other parameters go with every request as metadata, keys in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

const DEFAULT_PORT = 15002;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads a connection string.
 *
 * @throws PySparkValueError INVALID_CONNECT_URL naming what is wrong
 */
export function parseConnectionString(url: string): ConnectionString {
  const match = /^sc:\/\/([^/;]*)(?:\/([^;]*)(?:;(.*))?)?$/.exec(url.trim());
  if (match === null) throw invalid(url, "it must look like `sc://host:port/;key=value;...`");
  const [, authority = "", path = "", parameterText = ""] = match;
  if (path !== "") throw invalid(url, `the path must be empty, but it is \`${path}\``);
  const address = /^(\[[0-9a-f:]+\]|[^:[\]]+)(?::(\d+))?$/i.exec(authority);
  if (address === null) throw invalid(url, `\`${authority}\` is not a host with an optional port`);
  const parameters = new Map<string, string>();
  for (const part of parameterText.split(";")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    if (equals < 1) throw invalid(url, `\`${part}\` is not a parameter of the form \`key=value\``);
    parameters.set(part.slice(0, equals), decodeURIComponent(part.slice(equals + 1)));
  }
  const take = (key: string): string | undefined => {
    const value = parameters.get(key);
    parameters.delete(key);
    return value;
  };
  const token = take("token");
  const useTls = take("use_ssl");
  const userId = take("user_id");
  const sessionId = take("session_id");
  const userAgent = take("user_agent");
  if (sessionId !== undefined && !UUID.test(sessionId)) {
    throw invalid(url, `the session id \`${sessionId}\` is not a UUID`);
  }
  return {
    host: (address[1] as string).replace(/^\[|\]$/g, ""),
    port: Number(address[2] ?? DEFAULT_PORT),
    // As in PySpark, a token never goes in the clear to another machine.
    useTls: useTls?.toLowerCase() === "true" || (token !== undefined && !isLoopback(address[1] as string)),
    metadata: Object.fromEntries(
      // PySpark's options of its gRPC channel, which we do not have.
      [...parameters]
        .filter(([key]) => !key.startsWith("grpc_"))
        .map(([key, value]) => [key.toLowerCase(), value]),
    ),
    ...(token === undefined ? {} : { token }),
    ...(userId === undefined ? {} : { userId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(userAgent === undefined ? {} : { userAgent }),
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

function invalid(url: string, detail: string): Error {
  return sparkError("PySparkValueError", {
    condition: "INVALID_CONNECT_URL",
    messageParameters: { detail: `${url}: ${detail}` },
  });
}
