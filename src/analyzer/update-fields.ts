import type { Expr } from "../functions/expr.ts";
import type { UpdateFields } from "../plan/expression.ts";
import type { StructField, StructType } from "../types/data-type.ts";
import { quotedSqlType } from "../types/format.ts";
import { fail, quotedExpr } from "./errors.ts";
import { resolveExpr, trim } from "./expressions.ts";
import { extractField } from "./extract-value.ts";
import { splitName } from "./names.ts";
import type { ExprEnv } from "./scope.ts";
import type { AnalysisState } from "./state.ts";
import type { Step } from "./steps.ts";

/** `withField` and `dropFields`: the struct built anew, null where it was null. */
export function* resolveUpdateFields(e: UpdateFields, env: ExprEnv, state: AnalysisState): Step<Expr> {
  // A chain of updates is one update of one struct, also in its name.
  const updates: UpdateFields[] = [];
  let base = e as UpdateFields;
  for (;;) {
    updates.unshift(base);
    if (base.structExpression.kind !== "UpdateFields") break;
    base = base.structExpression;
  }
  const struct = trim((yield resolveExpr(base.structExpression, env, state)) as Expr);
  let result = struct;
  const shown: Expr[] = [struct];
  for (const update of updates) {
    const path = splitName(update.fieldName, update.origin);
    const value =
      update.valueExpression === undefined
        ? undefined
        : trim((yield resolveExpr(update.valueExpression, env, state)) as Expr);
    result = updated(result, path, value, e, struct, state);
    shown.push(describe(path, value));
  }
  if (result.kind === "Call" && (result.type as StructType).fields.length === 0) {
    throw fail(
      "DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS",
      { sqlExpr: quotedExpr(asCall(result, shown)) },
      e.origin,
    );
  }
  return asCall(result, shown);
}

function asCall(result: Expr, shown: readonly Expr[]): Expr {
  return {
    kind: "Call",
    fn: "update_fields",
    name: "update_fields",
    args: [result],
    shown,
    type: result.type,
    nullable: result.nullable,
  };
}

/** `WithField(value)` or `dropField()`: how Spark names the single updates. */
function describe(path: readonly string[], value: Expr | undefined): Expr {
  const [last] = path.slice(-1);
  return value === undefined
    ? { kind: "Lit", type: { kind: "string" }, nullable: false, value: last as string, pretty: "dropfield()" }
    : {
        kind: "Call",
        fn: "with_field",
        name: "WithField",
        args: [value],
        type: value.type,
        nullable: value.nullable,
      };
}

function updated(
  struct: Expr,
  path: readonly string[],
  value: Expr | undefined,
  e: UpdateFields,
  root: Expr,
  state: AnalysisState,
): Expr {
  const { type } = struct;
  if (type.kind !== "struct") {
    throw fail(
      "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
      {
        sqlExpr: quotedExpr(asCall(root, [root])),
        paramIndex: "first",
        requiredType: '"STRUCT"',
        inputSql: quotedExpr(struct),
        inputType: quotedSqlType(type),
      },
      e.origin,
    );
  }
  const [name, ...deeper] = path as [string, ...string[]];
  const same = (f: StructField) =>
    state.conf.caseSensitive ? f.name === name : f.name.toLowerCase() === name.toLowerCase();
  const fields: { readonly name: string; readonly value: Expr }[] = [];
  for (const field of type.fields) {
    const current = extractField(struct, field.name, state, undefined);
    if (!same(field)) fields.push({ name: field.name, value: current });
    else if (deeper.length > 0)
      fields.push({ name: field.name, value: updated(current, deeper, value, e, root, state) });
    else if (value !== undefined) fields.push({ name, value });
  }
  if (value !== undefined && !type.fields.some(same)) {
    if (deeper.length > 0)
      throw fail(
        "FIELD_NOT_FOUND",
        { fieldName: `\`${name}\``, fields: type.fields.map((f) => `\`${f.name}\``).join(", ") },
        e.origin,
      );
    fields.push({ name, value });
  }
  const args = fields.flatMap((f): Expr[] => [
    { kind: "Lit", type: { kind: "string" }, nullable: false, value: f.name },
    f.value,
  ]);
  if (args.length === 0) {
    throw fail(
      "DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS",
      { sqlExpr: quotedExpr(asCall(root, [root])) },
      e.origin,
    );
  }
  const built = state.call("named_struct", args);
  if (!struct.nullable) return built;
  const missing: Expr = { kind: "Lit", type: built.type, nullable: true, value: null };
  return state.call("if", [state.call("isnull", [struct]), missing, built]);
}
