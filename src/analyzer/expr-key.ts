import type { Expr } from "../functions/expr.ts";
import { foldExpr } from "../functions/expr-tree.ts";
import { sqlString } from "../types/format.ts";

const COMMUTATIVE = new Set(["+", "*", "and", "or", "==", "=", "<=>", "&", "|", "^"]);

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

/** A text that is equal for expressions that compute the same: names, aliases and the order of commutative operands aside. */
export function exprKey(root: Expr): string {
  const raw = foldExpr<string>(root, keyOf);
  // Lambda variables count by place, not by number.
  const seen = new Map<string, number>();
  return raw.replace(/\u0001(\d+)\u0001/g, (_, id: string) => {
    let at = seen.get(id);
    if (at === undefined) seen.set(id, (at = seen.size));
    return `v${at}`;
  });
}

function keyOf(e: Expr, parts: readonly string[]): string {
  switch (e.kind) {
    case "Lit":
      return `${sqlString(e.type)}:${text(e.value)}`;
    case "Attr":
      return `c${e.id}`;
    case "OuterAttr":
      return `outer c${e.attr.id}`;
    case "LambdaVar":
      return `\u0001${e.id}\u0001`;
    case "AliasExpr":
      return parts[0] as string;
    case "CastExpr":
      return `cast(${parts[0]} as ${sqlString(e.type)} ${e.mode})`;
    case "LambdaExpr":
      return `(${e.params.map((p) => `\u0001${p.id}\u0001`).join()})->${parts[0]}`;
    case "SortExpr":
      return `${parts[0]} ${e.direction} ${e.nullsFirst}`;
    case "SubqueryExpr":
      return `${e.subqueryType}(${parts.join()})#${planKey(e.plan as object)}`;
    case "WindowExpr":
      return `${parts.join()} over ${e.partitionBy.length} ${e.orderBy.length} ${e.frame.frameType} ${e.frame.lower.kind} ${e.frame.upper.kind}`;
    case "Call": {
      const args = COMMUTATIVE.has(e.fn) ? [...parts].sort() : parts;
      const flags = `${e.distinct === true ? "distinct " : ""}${e.ignoreNulls === true ? "ignoreNulls " : ""}${e.filter === undefined ? "" : "filter"}`;
      return `${e.fn}(${flags}${args.join()})${e.extra === undefined ? "" : text(e.extra)}`;
    }
  }
}

/** Plans that differ in the numbers of their own columns alone compute the same. */
function planKey(plan: object): string {
  const numbers = new Map<number, string>();
  const own = (id: number): string => {
    let name = numbers.get(id);
    if (name === undefined) numbers.set(id, (name = `#${numbers.size}`));
    return name;
  };
  try {
    return JSON.stringify(plan, function (this: { readonly kind?: string }, key, v: unknown) {
      if (key === "origin" || key === "written") return undefined;
      if (key === "attr" && this.kind === "OuterAttr") return (v as { readonly id: number }).id;
      if (key === "id" && typeof v === "number") return own(v);
      if (key === "source" || ArrayBuffer.isView(v)) return identity(v as object);
      return typeof v === "bigint" ? `${v}n` : v;
    });
  } catch (error) {
    // Too deep to be written down.
    if (error instanceof RangeError) return `${identity(plan)}`;
    throw error;
  }
}

function identity(o: object): unknown {
  if (typeof o !== "object" || o === null) return o;
  let key = identities.get(o);
  if (key === undefined) identities.set(o, (key = nextIdentity++));
  return key;
}

function text(value: unknown): string {
  return (
    JSON.stringify(value, (key, v) =>
      key === "written"
        ? undefined
        : typeof v === "bigint"
          ? `${v}n`
          : typeof v === "number" && !Number.isFinite(v)
            ? `${v}`
            : v,
    ) ?? ""
  );
}
