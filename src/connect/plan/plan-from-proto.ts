import type { Command } from "../../plan/command.ts";
import type { Relation } from "../../plan/relation.ts";
import type { DataType } from "../../types/data-type.ts";
import { decode, type Message, WireFormatError } from "../messages/decode.ts";
import { COMMAND_REVIVERS } from "./command-from-proto.ts";
import { EXPRESSION_REVIVERS } from "./expression-from-proto.ts";
import { invalidPlan, type PlanContext, type Reviver } from "./fields.ts";
import { LITERAL_REVIVERS } from "./literal-from-proto.ts";
import { RELATION_REVIVERS } from "./relation-from-proto.ts";
import { TYPE_REVIVERS } from "./types-from-proto.ts";

/** What a `Plan` message says. */
export type ConnectPlan =
  | { readonly kind: "query"; readonly relation: Relation }
  | { readonly kind: "command"; readonly command: Command };

const REVIVERS: ReadonlyMap<string, Reviver> = new Map(
  Object.entries({
    ...TYPE_REVIVERS,
    ...LITERAL_REVIVERS,
    ...EXPRESSION_REVIVERS,
    ...RELATION_REVIVERS,
    ...COMMAND_REVIVERS,
  }),
);

/**
 * Decodes a message with all plans in it turned into our plan objects, from the leaves up.
 *
 * @throws InvalidPlanInput for what is no plan; UNSUPPORTED_FEATURE for expressions, types and arguments that Lakelet
 * does not have. Relations and commands that it does not have become `UnsupportedRelation` and `UnsupportedCommand`.
 */
export function decodePlan<T>(typeName: string, bytes: Uint8Array, context: PlanContext): T {
  try {
    return decode<T>(typeName, bytes, {
      revive: (name, message: Message) => {
        const reviver = REVIVERS.get(name);
        return reviver === undefined ? message : reviver(message, context);
      },
    });
  } catch (error) {
    if (error instanceof WireFormatError || error instanceof SyntaxError) {
      return invalidPlan("CANNOT_PARSE", { errorMsg: error.message });
    }
    throw error;
  }
}

/** The bytes of a `Plan`. */
export function planFromProto(bytes: Uint8Array, context: PlanContext): ConnectPlan {
  return decodePlan<ConnectPlan>("Plan", bytes, context);
}

/** The bytes of a `Relation`. */
export function relationFromProto(bytes: Uint8Array, context: PlanContext): Relation {
  return decodePlan<Relation>("Relation", bytes, context);
}

/** The bytes of a `DataType`. */
export function typeFromProto(bytes: Uint8Array, context: PlanContext): DataType {
  return decodePlan<DataType>("DataType", bytes, context);
}
