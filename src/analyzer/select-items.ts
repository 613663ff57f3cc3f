import type { AliasExpr, Attr, Call, Expr, NamedExpr } from "../functions/expr.ts";
import { prettyExpr } from "../functions/pretty.ts";
import type { Expression } from "../plan/expression.ts";
import { LATERAL, nameParts } from "./column-resolution.ts";
import { fail } from "./errors.ts";
import { resolveExpr, trim } from "./expressions.ts";
import type { ExprEnv } from "./scope.ts";
import { expandRegex, expandStar } from "./star.ts";
import { type AnalysisState, isGenerator } from "./state.ts";
import type { Step } from "./steps.ts";

/** One item of a select list: a named column, or a generator that becomes one or several. */
export type SelectItem =
  | { readonly kind: "column"; readonly expr: NamedExpr }
  | {
      readonly kind: "generator";
      readonly call: Call;
      readonly names: readonly string[] | undefined;
      readonly isOuter: boolean;
      /** Its columns, once they have been given numbers. */
      readonly columns?: readonly Attr[];
    };

/** The items of a select list, stars expanded, everything named; an item may use the names of those before it. */
export function* resolveItems(
  expressions: readonly Expression[],
  env: ExprEnv,
  state: AnalysisState,
): Step<readonly SelectItem[]> {
  const items: SelectItem[] = [];
  const aliases = new Map<string, AliasExpr[]>();
  const fold = (name: string) => (state.conf.caseSensitive ? name : name.toLowerCase());
  const isLateral = state.isOn("spark.sql.lateralColumnAlias.enableImplicitResolution", true);
  const itemEnv: ExprEnv = isLateral
    ? { ...env, lateral: { find: (name) => aliases.get(fold(name)) ?? [] } }
    : env;
  for (const expression of expressions) {
    const found = (yield resolveItem(expression, itemEnv, state)) as readonly SelectItem[];
    for (const item of found) {
      items.push(item);
      if (item.kind !== "column" || item.expr.kind !== "AliasExpr" || item.expr.isAuto === true) continue;
      const key = fold(item.expr.name);
      const same = aliases.get(key);
      if (same === undefined) aliases.set(key, [item.expr]);
      else same.push(item.expr);
    }
  }
  return items;
}

function* resolveItem(e: Expression, env: ExprEnv, state: AnalysisState): Step<readonly SelectItem[]> {
  switch (e.kind) {
    case "UnresolvedStar":
      return expandStar(e, env, state).map((expr) => ({ kind: "column", expr }));
    case "UnresolvedRegex":
      return expandRegex(e, env, state).map((expr) => ({ kind: "column", expr }));
    case "Alias": {
      const child = trim((yield resolveExpr(e.expr, env, state)) as Expr);
      const generator = asGenerator(child);
      if (generator !== undefined) return [{ kind: "generator", ...generator, names: e.name }];
      if (e.name.length > 1) {
        throw fail(
          "MULTI_ALIAS_WITHOUT_GENERATOR",
          { expr: `"${prettyExpr(child)}"`, names: e.name.join(", ") },
          e.origin,
        );
      }
      const alias: AliasExpr = {
        kind: "AliasExpr",
        child,
        id: state.nextId(),
        name: e.name[0] as string,
        type: child.type,
        nullable: child.nullable,
        ...metadataOf(e.metadata, child),
        ...(e.origin === undefined ? {} : { origin: e.origin }),
      };
      return [{ kind: "column", expr: alias }];
    }
    default: {
      const expr = (yield resolveExpr(e, env, state)) as Expr;
      const generator = asGenerator(expr);
      if (generator !== undefined) return [{ kind: "generator", ...generator, names: undefined }];
      return [{ kind: "column", expr: nameExpr(expr, e, state) }];
    }
  }
}

/** An alias without metadata of its own keeps that of the column it names. */
function metadataOf(
  own: AliasExpr["metadata"],
  child: Expr,
): { readonly metadata?: NonNullable<AliasExpr["metadata"]> } {
  const metadata = own ?? (child.kind === "Attr" ? child.metadata : undefined);
  return metadata === undefined ? {} : { metadata };
}

function asGenerator(e: Expr): { readonly call: Call; readonly isOuter: boolean } | undefined {
  return isGenerator(e) ? { call: e, isOuter: isOuterGenerator(e) } : undefined;
}

/** `explode_outer` and its like keep rows that have nothing to generate. */
export function isOuterGenerator(call: Call): boolean {
  return call.extra?.outer === true || (call.name ?? call.fn).endsWith("_outer");
}

/** Gives an expression the column name that Spark would. */
export function nameExpr(e: Expr, written: Expression | undefined, state: AnalysisState): NamedExpr {
  if (e.kind === "Attr" && e.name.startsWith(`${LATERAL}(`))
    return { ...e, name: e.name.slice(LATERAL.length + 1, -1) };
  if (e.kind === "Attr" || e.kind === "AliasExpr") return e;
  const named = (name: string, isAuto: boolean): AliasExpr => ({
    kind: "AliasExpr",
    child: e,
    id: state.nextId(),
    name,
    type: e.type,
    nullable: e.nullable,
    ...(isAuto ? { isAuto: true } : {}),
    ...(e.origin === undefined ? {} : { origin: e.origin }),
  });
  if (e.kind === "OuterAttr") return named(e.attr.name, false);
  if (e.kind === "CastExpr" && !e.implicit && e.child.kind === "Attr") return named(e.child.name, false);
  // `v:a.b` is named for its last key, in a cast too.
  const inner = e.kind === "CastExpr" && !e.implicit ? e.child : e;
  if (inner.kind === "Call" && typeof inner.extra?.columnName === "string")
    return named(inner.extra.columnName, false);
  if (written?.kind === "UnresolvedAttribute" && e.kind === "Call" && e.fn === "grouping_id") {
    return named(nameParts(written).at(-1) as string, false);
  }
  if (
    written?.kind === "UnresolvedAttribute" &&
    (e.kind === "Lit" || (e.kind === "Call" && e.extra?.written !== undefined))
  ) {
    return named(nameParts(written).at(-1) as string, false);
  }
  return named(prettyExpr(e, state.conf.timeZone), e.kind !== "Lit");
}
