import type { SessionVariable } from "../analyzer/catalog-resolver.ts";
import type { Expression, LiteralValue } from "../plan/expression.ts";
import type { DataType } from "../types/data-type.ts";

/** A variable of a session or a script. */
export interface Variable {
  readonly identifier: readonly string[];
  readonly dataType: DataType;
  readonly value: LiteralValue;
  /** What `SET VAR v = DEFAULT` evaluates anew. */
  readonly defaultExpression?: Expression;
}

/** The variables of one block of a script, and the label by which they can be named. */
export interface ScriptFrame {
  readonly label?: string;
  readonly variables: Map<string, Variable>;
}

/** The map that holds a variable, and its key there; undefined when there is none of that name. */
export function findVariable(
  parts: readonly string[],
  session: ReadonlyMap<string, Variable>,
  frames: readonly ScriptFrame[] = [],
): Variable | undefined {
  const lower = parts.map((part) => part.toLowerCase());
  const key = lower.at(-1) as string;
  if (lower.length <= 2) {
    for (const frame of frames) {
      if (lower.length === 2 && frame.label?.toLowerCase() !== lower[0]) continue;
      const found = frame.variables.get(key);
      if (found !== undefined) return found;
    }
  }
  return isSessionName(lower) ? session.get(key) : undefined;
}

/** `v`, `session.v`, `system.session.v`. */
export function isSessionName(parts: readonly string[]): boolean {
  const qualifier = parts.slice(0, -1).join(".").toLowerCase();
  return qualifier === "" || qualifier === "session" || qualifier === "system.session";
}

/** What the analyzer puts in a variable's place. */
export function asSessionVariable(variable: Variable): SessionVariable {
  const { identifier, dataType, value } = variable;
  return { identifier, dataType, value: { kind: "Literal", dataType, value } };
}
