import type { MessageTable } from "./table.ts";

/** Messages of Google's that Connect and gRPC's rich errors use. */
export const GOOGLE_MESSAGES: MessageTable = {
  "google.protobuf.Any": "type_url 1 string; value 2 bytes",
  "google.protobuf.Timestamp": "seconds 1 int64; nanos 2 int32",
  "google.protobuf.Duration": "seconds 1 int64; nanos 2 int32",
  "google.rpc.Status": "code 1 int32; message 2 string; details* 3 google.protobuf.Any",
  "google.rpc.ErrorInfo": "reason 1 string; domain 2 string; metadata% 3 string",
  "google.rpc.RetryInfo": "retry_delay 1 google.protobuf.Duration",
};
