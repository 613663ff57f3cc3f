import type { Expression } from "./expression.ts";
import type { Origin } from "./origin.ts";
import type { Relation } from "./relation.ts";

interface Node {
  readonly origin?: Origin;
}

/** `BEGIN ... END`, and the statements of scripts. */
export interface CompoundStatement extends Node {
  readonly kind: "CompoundStatement";
  readonly label?: string;
  readonly body: readonly ScriptStatement[];
  readonly handlers: readonly ScriptHandler[];
  readonly conditions: readonly ScriptCondition[];
  /** False for the block that holds the handlers declared inside a branch or a loop. */
  readonly isScope: boolean;
}
export interface ScriptCondition {
  readonly name: string;
  readonly sqlState: string;
}
export interface ScriptHandler extends Node {
  readonly kind: "ScriptHandler";
  readonly type: "exit" | "continue";
  readonly conditions: readonly string[];
  readonly sqlStates: readonly string[];
  readonly sqlException: boolean;
  readonly notFound: boolean;
  readonly body: readonly ScriptStatement[];
}
export type ScriptStatement =
  | CompoundStatement
  | SqlStep
  | IfStatement
  | CaseStatement
  | WhileStatement
  | RepeatStatement
  | LoopStatement
  | ForStatement
  | LeaveStatement
  | IterateStatement;
/** A query or a command inside a script, with its text. */
export interface SqlStep extends Node {
  readonly kind: "SqlStep";
  readonly statement: Relation | import("./command.ts").Command;
  readonly text: string;
}
interface Condition {
  /** A boolean expression, and its text. */
  readonly condition: Expression;
  readonly body: readonly ScriptStatement[];
}
export interface IfStatement extends Node {
  readonly kind: "IfStatement";
  readonly branches: readonly Condition[];
  readonly otherwise?: readonly ScriptStatement[];
}
export interface CaseStatement extends Node {
  readonly kind: "CaseStatement";
  /** `CASE value WHEN ...`: the conditions are values to compare with. */
  readonly operand?: Expression;
  readonly branches: readonly Condition[];
  readonly otherwise?: readonly ScriptStatement[];
}
export interface WhileStatement extends Node {
  readonly kind: "WhileStatement";
  readonly label?: string;
  readonly condition: Expression;
  readonly body: readonly ScriptStatement[];
}
export interface RepeatStatement extends Node {
  readonly kind: "RepeatStatement";
  readonly label?: string;
  readonly until: Expression;
  readonly body: readonly ScriptStatement[];
}
export interface LoopStatement extends Node {
  readonly kind: "LoopStatement";
  readonly label?: string;
  readonly body: readonly ScriptStatement[];
}
export interface ForStatement extends Node {
  readonly kind: "ForStatement";
  readonly label?: string;
  readonly variable?: string;
  readonly query: Relation;
  readonly queryText: string;
  readonly body: readonly ScriptStatement[];
}
export interface LeaveStatement extends Node {
  readonly kind: "LeaveStatement";
  readonly label: string;
}
export interface IterateStatement extends Node {
  readonly kind: "IterateStatement";
  readonly label: string;
}
