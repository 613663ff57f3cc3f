import type { AliasExpr, Attr, Expr } from "../functions/expr.ts";
import { javaRegex } from "../functions/java-regex.ts";
import { prettyExpr } from "../functions/pretty.ts";
import type { UnresolvedRegex, UnresolvedStar } from "../plan/expression.ts";
import type { StructType } from "../types/data-type.ts";
import { quoteIdentifier } from "../types/format.ts";
import { AttributeNames } from "./attribute-names.ts";
import { findPlan, lookUp } from "./column-resolution.ts";
import { fail, unresolvedColumn } from "./errors.ts";
import { resolveNow, trim } from "./expressions.ts";
import { extractField } from "./extract-value.ts";
import { splitName } from "./names.ts";
import type { ExprEnv } from "./scope.ts";
import type { AnalysisState } from "./state.ts";
import { candidatesOf, quoteParts } from "./suggestions.ts";

/** The columns that a `*` stands for: attributes, or aliases of a struct's fields. */
export function expandStar(
  star: UnresolvedStar,
  env: ExprEnv,
  state: AnalysisState,
): readonly (Attr | AliasExpr)[] {
  const columns = columnsOf(star, env, state);
  if (star.except === undefined)
    return star.replace === undefined ? columns : withReplacements(columns, star, env, state);
  const kept = withoutColumns(columns, star.except, star, env, state);
  if (star.replace === undefined) return kept;
  // What is replaced stays in its place; the rest of what is left out is gone.
  const replaced = new Set(star.replace.map((r) => fold(r.name[0] as string, state)));
  const still = new Set(kept.map((c) => c.id));
  return withReplacements(
    columns.filter((c) => still.has(c.id) || replaced.has(fold(c.name, state))),
    star,
    env,
    state,
  );
}

function columnsOf(star: UnresolvedStar, env: ExprEnv, state: AnalysisState): readonly (Attr | AliasExpr)[] {
  const output = env.inputs.flatMap((i) => i.output);
  if (star.planId !== undefined) return columnsByPlanId(star, star.planId, env);
  if (star.unparsedTarget === undefined) return output;
  const target = splitName(star.unparsedTarget.replace(/\.\*$/, ""), star.origin);
  const names = AttributeNames.of(output, state.conf.caseSensitive);
  const matches = (a: Attr) =>
    a.qualifier.length >= target.length &&
    target.every((part, i) =>
      names.same(part, a.qualifier[a.qualifier.length - target.length + i] as string),
    );
  const hidden = env.inputs.flatMap((i) => i.hidden).filter((a) => a.isMetadataColumn !== true);
  const own = inOrder(output.filter(matches), hidden.filter(matches));
  if (own.length > 0) return own;
  const outer = env.scope.outer?.env.inputs.flatMap((i) => i.output).filter(matches) ?? [];
  if (outer.length > 0) {
    return outer.map((attr) =>
      alias({ kind: "OuterAttr", attr, type: attr.type, nullable: attr.nullable }, attr.name, state),
    );
  }
  const metadata = env.inputs.flatMap((i) => i.hidden).filter((a) => a.isMetadataColumn === true);
  const struct =
    structAt(target, [...output, ...metadata], star, state) ?? outerStructAt(target, star, env, state);
  if (struct !== undefined) {
    return (struct.type as StructType).fields.map((f) =>
      alias(extractField(struct, f.name, state, undefined), f.name, state),
    );
  }
  throw fail(
    "CANNOT_RESOLVE_STAR_EXPAND",
    {
      targetString: quoteParts(target),
      columns: candidatesOf(output)
        .map((c) => quoteIdentifier(c[c.length - 1] as string))
        .join(", "),
    },
    star.origin,
  );
}

/** A table's columns in its own order, with those that a USING join hides. */
function inOrder(visible: readonly Attr[], hidden: readonly Attr[]): readonly Attr[] {
  if (hidden.length === 0) return visible;
  return [...hidden, ...visible.filter((a) => !hidden.some((h) => h.id === a.id))];
}

function columnsByPlanId(star: UnresolvedStar, planId: number, env: ExprEnv): readonly Attr[] {
  for (const input of env.inputs) {
    const [found] = findPlan(input.planIds, planId);
    if (found === undefined) continue;
    const now = new Map(input.output.map((a) => [a.id, a]));
    return (found.output ?? []).map((a) => now.get(a.id)).filter((a) => a !== undefined);
  }
  throw fail("CANNOT_RESOLVE_DATAFRAME_COLUMN", { name: "*" }, star.origin);
}

function structAt(
  target: readonly string[],
  output: readonly Attr[],
  star: UnresolvedStar,
  state: AnalysisState,
): Expr | undefined {
  const found = AttributeNames.of(output, state.conf.caseSensitive).find(target);
  const [attr] = found.attrs;
  if (attr === undefined) return undefined;
  let e: Expr = attr;
  for (const part of target.slice(found.used)) e = extractField(e, part, state, star.origin);
  return e.type.kind === "struct" ? e : undefined;
}

/** A struct of the enclosing query. */
function outerStructAt(
  target: readonly string[],
  star: UnresolvedStar,
  env: ExprEnv,
  state: AnalysisState,
): Expr | undefined {
  if (env.scope.outer === undefined) return undefined;
  const found = lookUp(target, { ...env, inputs: [] }, state, star.origin);
  return found?.type.kind === "struct" ? found : undefined;
}

function alias(child: Expr, name: string, state: AnalysisState): AliasExpr {
  return { kind: "AliasExpr", child, id: state.nextId(), name, type: child.type, nullable: child.nullable };
}

/** `* EXCEPT (a, s.x)`: columns left out, also fields inside structs. */
function withoutColumns(
  columns: readonly (Attr | AliasExpr)[],
  except: readonly (readonly string[])[],
  star: UnresolvedStar,
  env: ExprEnv,
  state: AnalysisState,
): readonly (Attr | AliasExpr)[] {
  const attrs = columns.map((c) => (c.kind === "Attr" ? c : { ...c, kind: "Attr" as const, qualifier: [] }));
  const paths = except.map((parts) => {
    const found = AttributeNames.of(attrs, state.conf.caseSensitive).find(parts);
    const [attr] = found.attrs;
    if (attr === undefined)
      throw unresolvedColumn(
        parts,
        env.inputs.flatMap((i) => i.output),
        star.origin,
      );
    return { id: attr.id, fields: parts.slice(found.used).map((p) => fold(p, state)), parts };
  });
  for (const [i, a] of paths.entries()) {
    for (const b of paths.slice(i + 1)) {
      const isPrefix = a.id === b.id && a.fields.every((f, k) => k >= b.fields.length || f === b.fields[k]);
      if (isPrefix) {
        throw fail(
          "EXCEPT_OVERLAPPING_COLUMNS",
          { columns: paths.map((p) => p.parts.join(".")).join(", ") },
          star.origin,
        );
      }
    }
  }
  const out: (Attr | AliasExpr)[] = [];
  for (const column of columns) {
    const own = paths.filter((p) => p.id === column.id);
    if (own.some((p) => p.fields.length === 0)) continue;
    if (own.length === 0) out.push(column);
    else
      out.push(
        alias(
          withoutFields(
            column,
            own.map((p) => p.fields),
            star,
            state,
          ),
          column.name,
          state,
        ),
      );
  }
  return out;
}

function fold(name: string, state: AnalysisState): string {
  return state.conf.caseSensitive ? name : name.toLowerCase();
}

function withoutFields(
  e: Expr,
  paths: readonly (readonly string[])[],
  star: UnresolvedStar,
  state: AnalysisState,
): Expr {
  const { type } = e;
  if (type.kind !== "struct") {
    throw fail(
      "EXCEPT_NESTED_COLUMN_INVALID_TYPE",
      { columnName: prettyExpr(e), dataType: type.kind },
      star.origin,
    );
  }
  const args: Expr[] = [];
  for (const field of type.fields) {
    const own = paths.filter((p) => p[0] === fold(field.name, state));
    if (own.some((p) => p.length === 1)) continue;
    const value = extractField(e, field.name, state, undefined);
    const inner =
      own.length === 0
        ? value
        : withoutFields(
            value,
            own.map((p) => p.slice(1)),
            star,
            state,
          );
    args.push({ kind: "Lit", type: { kind: "string" }, nullable: false, value: field.name }, inner);
  }
  for (const p of paths) {
    if (!type.fields.some((f) => fold(f.name, state) === p[0])) {
      throw fail(
        "FIELD_NOT_FOUND",
        {
          fieldName: quoteIdentifier(p[0] as string),
          fields: type.fields.map((f) => quoteIdentifier(f.name)).join(", "),
        },
        star.origin,
      );
    }
  }
  const built = state.call("named_struct", args);
  if (!e.nullable) return built;
  const missing: Expr = { kind: "Lit", type: built.type, nullable: true, value: null };
  return state.call("if", [state.call("isnull", [e]), missing, built]);
}

function withReplacements(
  columns: readonly (Attr | AliasExpr)[],
  star: UnresolvedStar,
  env: ExprEnv,
  state: AnalysisState,
): readonly (Attr | AliasExpr)[] {
  const replacements = new Map<string, AliasExpr>();
  for (const item of star.replace ?? []) {
    const value = resolveNow(item, env, state) as AliasExpr;
    replacements.set(fold(value.name, state), { ...value, child: trim(value.child) });
  }
  return columns.map((c) => replacements.get(fold(c.name, state)) ?? c);
}

/** Columns whose name matches a regular expression as a whole: `` `(a|b)?+.+` ``, perhaps of one table. */
export function expandRegex(e: UnresolvedRegex, env: ExprEnv, state: AnalysisState): readonly Attr[] {
  const qualified = /^([^`]*)\.`(.*)`$/s.exec(e.colName);
  const table = qualified?.[1]?.toLowerCase();
  const pattern = qualified?.[2] ?? e.colName.replace(/^`|`$/g, "");
  const whole = javaRegex(`${state.conf.caseSensitive ? "" : "(?i)"}^(?:${pattern})$`);
  if (whole === undefined) {
    throw fail(
      "INVALID_PARAMETER_VALUE.PATTERN",
      { functionName: "`*`", parameter: "`pattern`", value: `'${pattern}'` },
      e.origin,
    );
  }
  const matches = (name: string) => whole.regex.test(name);
  return env.inputs
    .flatMap((i) => i.output)
    .filter((a) => matches(a.name) && (table === undefined || a.qualifier.at(-1)?.toLowerCase() === table));
}
