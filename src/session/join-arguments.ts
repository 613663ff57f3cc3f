import { AnalysisException } from "../errors/spark-error.ts";
import type { Expression } from "../plan/expression.ts";
import type { JoinType } from "../plan/relation.ts";
import { notExpectedType } from "./argument-errors.ts";
import { Column } from "./column.ts";
import { INTERNAL } from "./internal.ts";

/** What a join is on: one or several column names that both sides have, or conditions. */
export type JoinOn = string | Column | readonly string[] | readonly Column[];

const JOIN_TYPES: Readonly<Record<string, JoinType>> = {
  inner: "inner",
  outer: "fullOuter",
  full: "fullOuter",
  fullouter: "fullOuter",
  leftouter: "leftOuter",
  left: "leftOuter",
  rightouter: "rightOuter",
  right: "rightOuter",
  leftsemi: "leftSemi",
  semi: "leftSemi",
  leftanti: "leftAnti",
  anti: "leftAnti",
  cross: "cross",
};

const SUPPORTED = [
  "inner",
  "outer",
  "full",
  "fullouter",
  "full_outer",
  "leftouter",
  "left",
  "left_outer",
  "rightouter",
  "right",
  "right_outer",
  "leftsemi",
  "left_semi",
  "semi",
  "leftanti",
  "left_anti",
  "anti",
  "cross",
];

const SUPPORTED_LATERAL = ["inner", "leftouter", "left", "left_outer", "cross"];

/** The join type of a name as PySpark takes it. Throws UNSUPPORTED_JOIN_TYPE. */
export function joinType(how: string | undefined): JoinType {
  return typeNamed(how, SUPPORTED);
}

export function lateralJoinType(how: string | undefined): JoinType {
  return typeNamed(how, SUPPORTED_LATERAL);
}

function typeNamed(how: string | undefined, supported: readonly string[]): JoinType {
  if (how === undefined) return "inner";
  const name = how.toLowerCase().replaceAll("_", "");
  const type = supported.includes(name) ? JOIN_TYPES[name] : undefined;
  if (type === undefined) {
    throw new AnalysisException({
      condition: "UNSUPPORTED_JOIN_TYPE",
      messageParameters: { typ: name, supported: `'${supported.join("', '")}'` },
    });
  }
  return type;
}

/** Names or a condition, several conditions joined by AND. */
export function joinCondition(on: JoinOn | undefined): {
  readonly usingColumns: readonly string[];
  readonly columns: readonly Column[];
  readonly joinCondition?: Expression;
} {
  const parts: readonly unknown[] = on === undefined ? [] : Array.isArray(on) ? on : [on];
  if (parts.every((part) => typeof part === "string")) return { usingColumns: parts, columns: [] };
  const conditions = parts.map((part) => {
    if (part instanceof Column) return part;
    throw notExpectedType("on", "Column, str, list[Column] or list[str]", part);
  });
  const condition = conditions.reduce((left, right) => left.and(right));
  return { usingColumns: [], columns: [condition], joinCondition: condition[INTERNAL].expression };
}
