import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PySparkException } from "../errors/spark-error.ts";
import type { Expression, Literal } from "../plan/expression.ts";
import { foreachNode } from "../plan/traverse.ts";
import type { DataType } from "../types/data-type.ts";
import { Decimal } from "../types/decimal.ts";
import { simpleString } from "../types/format.ts";
import { toJson } from "../types/json.ts";
import { parseDataType, parseExpression, parseOptionsFromConf, parseStatement } from "./parse.ts";

interface Rejection {
  readonly condition?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** Spark fell over itself. */
  readonly fault?: string;
}
interface Recorded {
  readonly statements: readonly (Rejection & {
    readonly sql: string;
    readonly conf?: Readonly<Record<string, string>>;
    readonly accepted?: true;
  })[];
  readonly expressions: readonly {
    readonly sql: string;
    readonly nodes: readonly (readonly [string, string])[];
  }[];
  readonly literals: readonly (Rejection & {
    readonly sql: string;
    readonly conf?: Readonly<Record<string, string>>;
    readonly type?: unknown;
    readonly value?: string;
  })[];
  readonly types: readonly (Rejection & { readonly sql: string; readonly json?: unknown })[];
}

const recorded = JSON.parse(
  readFileSync(new URL("../../e2e/spark/parser/parsed.json", import.meta.url), "utf8"),
) as Recorded;

const UTC: Readonly<Record<string, string>> = { "spark.sql.session.timeZone": "UTC" };

function rejectionOf(parse: () => unknown): PySparkException | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof PySparkException) return error;
    throw error;
  }
}

describe("statements, as Spark's parser answers them", () => {
  for (const statement of recorded.statements) {
    const { sql, conf = {}, condition, parameters, message } = statement;
    if (statement.fault !== undefined) continue;
    it(sql.replaceAll("\n", " "), () => {
      const error = rejectionOf(() =>
        parseStatement(
          sql,
          parseOptionsFromConf((key) => conf[key]),
        ),
      );
      expect(error?.getCondition()).toBe(condition);
      if (error === undefined) return;
      expect(error.getMessageParameters()).toEqual(parameters);
      expect(error.message).toBe(message);
    });
  }
});

/** The names under which Spark's expressions stand in our plans. */
const NAMES: Readonly<Record<string, string>> = {
  Add: "+",
  Subtract: "-",
  Multiply: "*",
  Divide: "/",
  Remainder: "%",
  IntegralDivide: "div",
  EqualTo: "==",
  EqualNullSafe: "<=>",
  GreaterThan: ">",
  And: "and",
  Or: "or",
  Not: "not",
  UnaryMinus: "negative",
  UnaryPositive: "positive",
  BitwiseNot: "~",
  BitwiseAnd: "&",
  BitwiseOr: "|",
  BitwiseXor: "^",
  Concat: "||",
  In: "in",
  Like: "like",
  RLike: "rlike",
  IsNull: "isNull",
  CaseWhen: "when",
  ShiftLeft: "<<",
  Substring: "substring",
  Overlay: "overlay",
  StringTrim: "trim",
  StringLocate: "locate",
  UnresolvedAttribute: "UnresolvedAttribute",
  Cast: "Cast",
  Literal: "Literal",
  SortOrder: "SortOrder",
  LambdaFunction: "LambdaFunction",
  UnresolvedStar: "UnresolvedStar",
  Alias: "Alias",
};

function nodesOf(expression: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  foreachNode(expression, (node) => {
    const { origin } = node as { readonly origin?: Expression["origin"] };
    if (origin?.kind !== "sql") return;
    const fragment = origin.source.text.slice(origin.start, origin.stop + 1);
    found.add(`${node.kind === "UnresolvedFunction" ? node.functionName : node.kind}: ${fragment}`);
  });
  return found;
}

describe("expressions, piece by piece, as Spark's parser takes them", () => {
  for (const { sql, nodes } of recorded.expressions) {
    it(sql, () => {
      const ours = nodesOf(parseExpression(sql));
      const missing = nodes
        .filter(([name]) => name in NAMES)
        .map(([name, fragment]) => `${NAMES[name]}: ${fragment}`)
        // Spark adds literals of its own (the default of an argument) and names of the fields of a struct.
        .filter((node) => !ours.has(node) && node !== `Literal: ${sql}`);
      expect(missing).toEqual([]);
    });
  }
});

/** A literal's value as Java prints it; bytes in hexadecimal. */
function textOf({ dataType, value }: Literal): string {
  if (value === null) return "None";
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (dataType.kind === "double" || dataType.kind === "float") return String(value);
  if (dataType.kind === "calendar_interval") {
    const { months, days } = value as { readonly months: number; readonly days: number };
    return `${months / 12} years ${days} days`;
  }
  return String(value);
}

/** Numbers are compared as such: Java writes `1000.0` and `1E+2`. */
function sameNumber(type: unknown, text: string): string {
  if (type === "double") return String(Number(text));
  if (type === "float") return String(Math.fround(Number(text)));
  return typeof type === "string" && type.startsWith("decimal") ? Decimal.fromString(text).toString() : text;
}

describe("literals, as Spark's parser reads them", () => {
  for (const { sql, conf = {}, type, value, condition } of recorded.literals) {
    it(`${sql} ${Object.values(conf).join(" ")}`, () => {
      let literal: Expression | undefined;
      const error = rejectionOf(() => {
        literal = parseExpression(
          sql,
          parseOptionsFromConf((key) => conf[key] ?? UTC[key]),
        );
      });
      expect(error?.getCondition()).toBe(condition);
      if (error !== undefined) return;
      expect(literal?.kind).toBe("Literal");
      const { dataType } = literal as Literal;
      expect(jsonOf(dataType)).toEqual(type);
      expect(textOf(literal as Literal)).toBe(sameNumber(type, value as string));
    });
  }
});

/** A string's collation shows in the JSON of the type alone, not in that of a schema. */
function jsonOf(type: DataType): unknown {
  return type.kind === "string" ? simpleString(type) : toJson(type);
}

describe("types, as Spark's parser takes them", () => {
  for (const { sql, json, condition } of recorded.types) {
    it(sql === "" ? "(nothing)" : sql, () => {
      const error = rejectionOf(() => expect(jsonOf(parseDataType(sql))).toEqual(json));
      expect(error?.getCondition()).toBe(condition);
    });
  }
});
