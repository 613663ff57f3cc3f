import { sparkError } from "../../errors/spark-error.ts";
import type { DataType } from "../../types/data-type.ts";
import type { Message } from "../messages/decode.ts";
import { enumSpec } from "../messages/table.ts";

/** Turns one decoded message, whose parts have been turned already, into what it means. */
export type Reviver = (message: Message, context: PlanContext) => unknown;

/** What reading a plan needs from its session. */
export interface PlanContext {
  /** DDL text: a column list gives a struct, a single type that type. */
  readonly parseDdl: (text: string) => DataType;
  readonly sessionId?: string;
  /** The bytes of an artifact of the session. Without it cached relations are passed on unlooked at. */
  readonly artifact?: (name: string) => Uint8Array | undefined;
}

/** Drops keys without a value, so that absent fields are absent. */
export function compact<T extends object>(fields: T): T {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) out[key] = value;
  return out as T;
}

/** A field that must be there. */
export function required<T>(message: Message, messageName: string, field: string): T {
  const value = message[field];
  if (value === undefined) {
    throw sparkError("InvalidPlanInput", {
      condition: "CONNECT_INVALID_PLAN.FIELD_CANNOT_BE_EMPTY",
      messageParameters: { fieldName: protoName(field), fullName: `spark.connect.${messageName}` },
    });
  }
  return value as T;
}

/** Our word for an enum's value; `undefined` in the table means that the value is refused. */
export function enumValue<T>(
  message: Message,
  messageName: string,
  field: string,
  enumName: string,
  words: Readonly<Record<string, T>>,
): T {
  const value = message[field] as string | number;
  const word = typeof value === "string" ? words[value] : undefined;
  if (word === undefined) {
    throw sparkError("InvalidPlanInput", {
      condition: "CONNECT_INVALID_PLAN.INVALID_ENUM",
      messageParameters: {
        fullName: `spark.connect.${messageName}.${protoName(field)}`,
        name: typeof value === "string" ? value : "UNRECOGNIZED",
        number: String(typeof value === "string" ? enumSpec(enumName).indexOf(value) : value),
      },
    });
  }
  return word;
}

export function notSet(messageName: string, oneof: string): never {
  throw sparkError("InvalidPlanInput", {
    condition: "CONNECT_INVALID_PLAN.INVALID_ONE_OF_FIELD_NOT_SET",
    messageParameters: {
      fullName: `spark.connect.${messageName}`,
      name: `${oneof.replaceAll("_", "").toUpperCase()}_NOT_SET`,
    },
  });
}

export function invalidPlan(
  subCondition: string,
  messageParameters: Readonly<Record<string, string>> = {},
): never {
  throw sparkError("InvalidPlanInput", {
    condition: `CONNECT_INVALID_PLAN.${subCondition}`,
    messageParameters,
  });
}

/** The value when it says something, else undefined: proto3 cannot tell an empty text or list from an absent one. */
export function nonEmpty<T extends { readonly length: number }>(value: unknown): T | undefined {
  return (value as T).length > 0 ? (value as T) : undefined;
}

export function isTrue(value: unknown): true | undefined {
  return value === true ? true : undefined;
}

function protoName(field: string): string {
  return field.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
}
