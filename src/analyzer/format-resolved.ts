import type { Attr, Expr, NamedExpr } from "../functions/expr.ts";
import { prettyExpr } from "../functions/pretty.ts";
import { rewriteExpr } from "./expr-rewrite.ts";
import type { ResolvedRelation } from "./resolved-relation.ts";
import { inputsOf } from "./resolved-tree.ts";

/**
 * A resolved plan as an indented tree, one relation a line, in the manner of Spark's. Columns are numbered by their
 * first appearance, so that plans which mean the same print the same; `canonical` leaves their names out.
 */
export function formatResolved(
  root: ResolvedRelation,
  options: { readonly isCanonical?: boolean; readonly behind?: (plan: ResolvedRelation) => string } = {},
): string {
  const lines: string[] = [];
  const numbers = new Numbers(options.isCanonical === true);
  const open: { readonly plan: ResolvedRelation; readonly depth: number }[] = [{ plan: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { plan, depth } = next;
    lines.push(
      `${depth === 0 ? "" : `${"   ".repeat(depth - 1)}+- `}${describe(plan, numbers)}${options.behind?.(plan) ?? ""}`,
    );
    const inputs = inputsOf(plan);
    for (let i = inputs.length - 1; i >= 0; i--) {
      open.push({ plan: inputs[i] as ResolvedRelation, depth: depth + 1 });
    }
  }
  return `${lines.join("\n")}\n`;
}

class Numbers {
  readonly #known = new Map<number, number>();
  readonly isCanonical: boolean;

  constructor(isCanonical: boolean) {
    this.isCanonical = isCanonical;
  }

  attr(a: Pick<Attr, "id" | "name">): string {
    let n = this.#known.get(a.id);
    if (n === undefined) {
      n = this.#known.size;
      this.#known.set(a.id, n);
    }
    return `${this.isCanonical ? "none" : a.name}#${n}`;
  }
}

function describe(plan: ResolvedRelation, numbers: Numbers): string {
  const list = (columns: readonly NamedExpr[]) => `[${columns.map((c) => named(c, numbers)).join(", ")}]`;
  const attrs = (columns: readonly Attr[]) => `[${columns.map((c) => numbers.attr(c)).join(", ")}]`;
  switch (plan.kind) {
    case "RScan":
      return `Scan ${plan.source.format} ${plan.source.displayName} ${attrs(plan.columns)}`;
    case "RLocal":
      return `LocalRelation ${attrs(plan.columns)} ${fingerprint(plan.data)}`;
    case "RValues":
      return `LocalRelation ${attrs(plan.columns)} (${plan.rows.map((row) => row.map((e) => text(e, numbers)).join(", ")).join("), (")})`;
    case "RRange":
      return `Range (${plan.start}, ${plan.end}, step=${plan.step}${plan.numPartitions === undefined ? "" : `, splits=${plan.numPartitions}`}) ${attrs([plan.column])}`;
    case "ROneRow":
      return "OneRowRelation";
    case "RProject":
      return `Project ${list(plan.columns)}`;
    case "RFilter":
      return `Filter ${text(plan.condition, numbers)}`;
    case "RJoin":
      return `Join ${plan.isLateral === true ? "Lateral " : ""}${plan.joinType}${plan.condition === undefined ? "" : `, ${text(plan.condition, numbers)}`}`;
    case "RAggregate":
      return `Aggregate [${plan.grouping.map((e) => text(e, numbers)).join(", ")}], ${list(plan.columns)}${plan.groupingSets === undefined ? "" : ` sets ${JSON.stringify(plan.groupingSets)}`}`;
    case "RSort":
      return `Sort [${plan.order.map((o) => text(o, numbers)).join(", ")}], ${plan.isGlobal}`;
    case "RLimit":
      return `Limit ${plan.limit ?? "all"}${plan.offset === undefined ? "" : ` offset ${plan.offset}`}`;
    case "RTail":
      return `Tail ${plan.limit}`;
    case "RSetOp":
      return `${{ union: "Union", intersect: "Intersect", except: "Except" }[plan.op]}${plan.isAll ? " All" : ""} ${attrs(plan.columns)}`;
    case "RDistinct":
      return plan.keys === undefined ? "Distinct" : `Deduplicate ${attrs(plan.keys)}`;
    case "RGenerate":
      return `Generate ${text(plan.generator, numbers)}, ${plan.isOuter ? "outer" : "inner"}, ${attrs(plan.columns)}`;
    case "RSample":
      return `Sample ${plan.lowerBound}, ${plan.upperBound}, ${plan.withReplacement}, ${plan.seed}`;
    case "RRepartition":
      return `Repartition ${plan.how} ${plan.numPartitions ?? ""} [${plan.expressions.map((e) => text(e, numbers)).join(", ")}]`;
    case "RCteDef":
      return `WithCTE (${plan.definitions.length})`;
    case "RCteRef":
      return `CTERelationRef ${attrs(plan.columns)}`;
    case "RRecursive":
      return `UnionLoop ${attrs(plan.columns)}`;
    case "RUdfStage":
      return `EvalFunctions ${attrs(plan.calls.map((c) => c.result))}`;
    case "RObserve":
      return `CollectMetrics ${plan.name}, ${list(plan.metrics)}`;
  }
}

function named(c: NamedExpr, numbers: Numbers): string {
  return c.kind === "Attr" ? numbers.attr(c) : `${text(c.child, numbers)} AS ${numbers.attr(c)}`;
}

/** Pretty text with the numbers of the columns behind it, which tell columns of one name apart. */
function text(e: Expr, numbers: Numbers): string {
  if (e.kind === "Attr") return numbers.attr(e);
  const shown = numbers.isCanonical
    ? rewriteExpr(e, (x) => (x.kind === "Attr" ? { ...x, name: "none", qualifier: [] } : undefined))
    : e;
  const used: string[] = [];
  const open: unknown[] = [e];
  while (open.length > 0) {
    const x = open.pop();
    if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) continue;
    if ((x as { readonly kind?: unknown }).kind === "Attr") used.push(numbers.attr(x as Attr));
    else if ("kind" in x && (x as { readonly kind?: unknown }).kind === "SubqueryExpr") {
      used.push(
        formatResolved((x as unknown as { readonly plan: ResolvedRelation }).plan, numbers).replace(
          /\n/g,
          " ",
        ),
      );
    } else {
      for (const [key, value] of Object.entries(x))
        if (key !== "origin" && key !== "type" && key !== "shown") open.push(value);
    }
  }
  return used.length === 0 ? prettyExpr(shown) : `${prettyExpr(shown)} {${used.reverse().join(", ")}}`;
}

/** Local data by length and content, so that other data gives another text. */
function fingerprint(data: readonly Uint8Array[]): string {
  let hash = 0x811c9dc5;
  let size = 0;
  for (const bytes of data) {
    size += bytes.length;
    for (const b of bytes) hash = Math.imul(hash ^ b, 0x01000193);
  }
  return `(${size} bytes, ${(hash >>> 0).toString(16)})`;
}
