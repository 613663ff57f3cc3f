import { describe, expect, test } from "vitest";
import { parseConnectionString } from "./connection-string.ts";

describe("connection strings", () => {
  test.each([
    ["sc://localhost", { host: "localhost", port: 15002, useTls: false, metadata: {} }],
    ["sc://example.com:443/;use_ssl=true", { host: "example.com", port: 443, useTls: true, metadata: {} }],
    [
      "sc://example.com/;token=a%3Bb;user_id=me;user_agent=mine;X-Team=data;grpc_keepalive_time_ms=3",
      {
        host: "example.com",
        port: 15002,
        useTls: true,
        token: "a;b",
        userId: "me",
        userAgent: "mine",
        metadata: { "x-team": "data" },
      },
    ],
    ["sc://localhost/;token=a", { host: "localhost", port: 15002, useTls: false, token: "a", metadata: {} }],
    ["sc://[::1]:7/", { host: "::1", port: 7, useTls: false, metadata: {} }],
    [
      "sc://h/;session_id=11111111-2222-4333-8444-555555555555",
      {
        host: "h",
        port: 15002,
        useTls: false,
        sessionId: "11111111-2222-4333-8444-555555555555",
        metadata: {},
      },
    ],
  ])("%s", (url, expected) => {
    expect(parseConnectionString(url)).toEqual(expected);
  });

  test.each(["http://h", "sc://", "sc://h:port", "sc://h/path;a=b", "sc://h/;a", "sc://h/;session_id=1"])(
    "%s is refused",
    (url) => {
      expect(() => parseConnectionString(url)).toThrow(
        expect.objectContaining({ name: "PySparkValueError", message: expect.stringContaining(url) }),
      );
    },
  );
});
