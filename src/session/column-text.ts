import type {
  Expression,
  FrameBoundary,
  Literal,
  SortOrder,
  Window,
  WindowFrame,
} from "../plan/expression.ts";
import { simpleString } from "../types/format.ts";
import { LocalDate, LocalTime, LocalTimestamp, Timestamp } from "../types/values.ts";

/** An expression as PySpark prints it in `Column<'...'>`. Iterative: chains of operators can be thousands deep. */
export function expressionText(root: Expression): string {
  const texts = new Map<Expression, string>();
  const stack: Expression[] = [root];
  while (stack.length > 0) {
    const top = stack.at(-1) as Expression;
    const missing = childrenOf(top).filter((child) => !texts.has(child));
    if (missing.length > 0) {
      stack.push(...missing);
    } else {
      stack.pop();
      texts.set(
        top,
        textOf(top, (child) => texts.get(child) as string),
      );
    }
  }
  return texts.get(root) as string;
}

function childrenOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case "UnresolvedFunction":
    case "CallFunction":
    case "UserDefinedFunction":
      return e.arguments;
    case "Alias":
    case "Cast":
      return [e.expr];
    case "SortOrder":
    case "DirectShufflePartitionId":
      return [e.child];
    case "LambdaFunction":
      return [e.function, ...e.arguments];
    case "Window":
      return [e.windowFunction, ...e.partitionSpec, ...e.orderSpec, ...boundsOf(e.frameSpec)];
    case "UnresolvedExtractValue":
      return [e.child, e.extraction];
    case "UpdateFields":
      return e.valueExpression === undefined ? [e.structExpression] : [e.structExpression, e.valueExpression];
    case "NamedArgument":
      return [e.value];
    default:
      return [];
  }
}

function boundsOf(frame: WindowFrame | undefined): readonly Expression[] {
  return frame === undefined
    ? []
    : [frame.lower, frame.upper].flatMap((bound) => (bound.kind === "value" ? [bound.value] : []));
}

function textOf(e: Expression, text: (child: Expression) => string): string {
  const list = (items: readonly Expression[]): string => items.map(text).join(", ");
  switch (e.kind) {
    case "Literal":
      return literalText(e);
    case "UnresolvedAttribute":
      return e.unparsedIdentifier;
    case "UnresolvedStar":
      return `unresolvedstar(${e.unparsedTarget ?? ""})`;
    case "UnresolvedRegex":
      return `UnresolvedRegex(${e.colName})`;
    case "ExpressionString":
      return e.expression;
    case "UnresolvedFunction":
      if (e.functionName === "when") return caseText(e.arguments, text);
      return `${e.functionName}(${e.isDistinct === true ? "distinct " : ""}${list(e.arguments)})`;
    case "CallFunction":
      return `CallFunction('${e.functionName}', ${list(e.arguments)})`;
    case "UserDefinedFunction":
      return `${e.functionName}(${list(e.arguments)})`;
    case "Alias":
      return `${text(e.expr)} AS ${e.name.join(",")}`;
    case "Cast": {
      const type = e.type === undefined ? (e.typeStr ?? "") : simpleString(e.type);
      return `${e.evalMode === "try" ? "TRY_CAST" : "CAST"}(${text(e.expr)} AS ${type.toUpperCase()})`;
    }
    case "SortOrder":
      return sortText(e, text);
    case "LambdaFunction":
      return `LambdaFunction(${text(e.function)}, ${list(e.arguments)})`;
    case "UnresolvedNamedLambdaVariable":
      return e.nameParts.join(", ");
    case "Window":
      return `WindowExpression(${text(e.windowFunction)}, (${windowSpecText(e, text)}))`;
    case "UnresolvedExtractValue":
      return `${text(e.child)}['${text(e.extraction)}']`;
    case "UpdateFields":
      return e.valueExpression === undefined
        ? `drop_field(${text(e.structExpression)}, ${e.fieldName})`
        : `update_field(${text(e.structExpression)}, ${e.fieldName}, ${text(e.valueExpression)})`;
    case "NamedArgument":
      return `${e.key} => ${text(e.value)}`;
    case "SubqueryExpression":
      return `SubqueryExpression(${e.subqueryType})`;
    case "DirectShufflePartitionId":
      return `DirectShufflePartitionID(${text(e.child)})`;
    default:
      return e.kind;
  }
}

function caseText(args: readonly Expression[], text: (child: Expression) => string): string {
  const parts: string[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    parts.push(` WHEN ${text(args[i] as Expression)} THEN ${text(args[i + 1] as Expression)}`);
  }
  const last = args.length % 2 === 1 ? ` ELSE ${text(args.at(-1) as Expression)}` : "";
  return `CASE${parts.join("")}${last} END`;
}

function sortText(e: SortOrder, text: (child: Expression) => string): string {
  const nulls = e.nullOrdering === undefined ? "" : ` NULLS ${e.nullOrdering.toUpperCase()}`;
  return `${text(e.child)} ${e.direction === "ascending" ? "ASC" : "DESC"}${nulls}`;
}

/** As PySpark prints a WindowSpec. */
export function windowSpecText(
  spec: Pick<Window, "partitionSpec" | "orderSpec" | "frameSpec">,
  text: (child: Expression) => string = expressionText,
): string {
  const parts: string[] = [];
  if (spec.partitionSpec.length > 0) parts.push(`PartitionBy(${spec.partitionSpec.map(text).join(", ")})`);
  if (spec.orderSpec.length > 0) parts.push(`OrderBy(${spec.orderSpec.map(text).join(", ")})`);
  if (spec.frameSpec !== undefined) {
    const { frameType, lower, upper } = spec.frameSpec;
    const bounds = `${boundText(lower, LONG_MIN, text)}, ${boundText(upper, LONG_MAX, text)}`;
    parts.push(`WindowFrame(${frameType.toUpperCase()}_FRAME, ${bounds})`);
  }
  return `WindowSpec(${parts.join(", ")})`;
}

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** PySpark prints bounds as numbers, the ends of the partition as the ends of the longs. */
function boundText(bound: FrameBoundary, unbounded: bigint, text: (child: Expression) => string): string {
  if (bound.kind === "value") return text(bound.value);
  return bound.kind === "unbounded" ? unbounded.toString() : "0";
}

function literalText({ dataType, value }: Literal): string {
  if (value === null) return "NULL";
  if (typeof value === "boolean") return value ? "True" : "False";
  switch (dataType.kind) {
    case "double":
      return Number.isInteger(value) ? `${value}.0` : String(value);
    case "date":
      return new LocalDate(Number(value)).toString();
    case "timestamp":
      return new Timestamp(BigInt(value as bigint)).toString();
    case "timestamp_ntz":
      return new LocalTimestamp(BigInt(value as bigint)).toString();
    case "time":
      return new LocalTime(BigInt(value as bigint)).toString();
    case "binary":
      return `b'${Array.from(value as Uint8Array, (byte) =>
        byte >= 32 && byte < 127 && byte !== 39 && byte !== 92
          ? String.fromCharCode(byte)
          : `\\x${byte.toString(16).padStart(2, "0")}`,
      ).join("")}'`;
    default:
      return String(value);
  }
}
