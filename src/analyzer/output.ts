import type { Attr, NamedExpr } from "../functions/expr.ts";
import { toAttr } from "../functions/expr.ts";
import type { ResolvedRelation } from "./resolved-relation.ts";

/** The columns of a resolved relation, in order. */
export function outputOf(plan: ResolvedRelation): readonly Attr[] {
  // Only the pass-through relations loop; the depth of a plan costs no stack.
  const joins: { readonly rest: ResolvedRelation; readonly nullable: boolean }[] = [];
  const left: Attr[][] = [];
  let p = plan;
  let nullable = false;
  for (;;) {
    switch (p.kind) {
      case "RFilter":
      case "RSort":
      case "RLimit":
      case "RTail":
      case "RDistinct":
      case "RSample":
      case "RRepartition":
      case "RObserve":
      case "RCteDef":
        p = p.input;
        continue;
      case "RJoin": {
        if (p.joinType === "leftSemi" || p.joinType === "leftAnti") {
          p = p.left;
          continue;
        }
        const leftNullable: boolean = nullable || p.joinType === "rightOuter" || p.joinType === "fullOuter";
        const rightNullable: boolean = nullable || p.joinType === "leftOuter" || p.joinType === "fullOuter";
        joins.push({ rest: p.right, nullable: rightNullable });
        p = p.left;
        nullable = leftNullable;
        continue;
      }
      case "RGenerate":
        joins.push({ rest: { kind: "RLocal", data: [], columns: p.columns }, nullable });
        p = p.input;
        continue;
      case "RUdfStage":
        joins.push({ rest: { kind: "RLocal", data: [], columns: p.calls.map((c) => c.result) }, nullable });
        p = p.input;
        continue;
      default: {
        const own = ownOutput(p);
        left.push(nullable ? own.map((a) => (a.nullable ? a : { ...a, nullable: true })) : [...own]);
        const next = joins.pop();
        if (next === undefined) return left.length === 1 ? (left[0] as Attr[]) : left.flat();
        p = next.rest;
        nullable = next.nullable;
      }
    }
  }
}

function ownOutput(
  p: Exclude<
    ResolvedRelation,
    {
      kind:
        | "RFilter"
        | "RSort"
        | "RLimit"
        | "RTail"
        | "RDistinct"
        | "RSample"
        | "RRepartition"
        | "RObserve"
        | "RCteDef"
        | "RJoin"
        | "RGenerate"
        | "RUdfStage";
    }
  >,
): readonly Attr[] {
  switch (p.kind) {
    case "RRange":
      return [p.column];
    case "ROneRow":
      return [];
    case "RProject":
    case "RAggregate":
      return attrsOf(p.columns);
    default:
      return p.columns;
  }
}

const known = new WeakMap<readonly NamedExpr[], readonly Attr[]>();

/** The attributes that named expressions make; the same array for the same expressions. */
export function attrsOf(columns: readonly NamedExpr[]): readonly Attr[] {
  const hit = known.get(columns);
  if (hit !== undefined) return hit;
  const attrs = columns.map((c) => toAttr(c));
  known.set(columns, attrs);
  return attrs;
}
