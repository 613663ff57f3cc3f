import type { Origin } from "../plan/origin.ts";
import { sameTypeIgnoringNullability } from "../types/data-type.ts";
import { lowerCast } from "./cast/lower-cast.ts";
import { duckType } from "./duck-type.ts";
import type {
  Attr,
  Call,
  CastExpr,
  Expr,
  LambdaExpr,
  OuterAttr,
  SortExpr,
  SubqueryExpr,
  WindowExpr,
} from "./expr.ts";
import { childrenOf, foldExpr } from "./expr-tree.ts";
import "./function-table.ts";
import type { LowerContext } from "./function-entry.ts";
import { KERNEL_NAMES } from "./kernels/index.ts";
import { literalToDuck } from "./literal-sql.ts";
import { raiseSql } from "./raise.ts";
import { entryOf } from "./registry.ts";
import { lowerWindow } from "./window-sql.ts";

/** What the surroundings of an expression decide. */
export interface LowerHooks {
  readonly timeZone: string;
  readonly ansiEnabled: boolean;
  /** SQL of a column; default `c<id>`. */
  readonly attr?: (attr: Attr) => string;
  /** SQL of a column of an enclosing query; default `c<id>`. */
  readonly outerAttr?: (attr: OuterAttr) => string;
  /** SQL of a subquery; `values` are the lowered values of an IN. */
  readonly subquery?: (e: SubqueryExpr, values: readonly string[]) => string;
}

export interface LoweredExpr {
  readonly sql: string;
  /** Names of the kernels that it calls. */
  readonly kernels: Set<string>;
}

/** Texts longer than this are bound to a name rather than repeated. */
const LET_LENGTH = 160;

/** Turns a bound expression into DuckDB SQL, without recursion over its depth. */
export function lowerExpr(root: Expr, hooks: LowerHooks): LoweredExpr {
  const lowering = new Lowering(hooks);
  return { sql: lowering.lower(root), kernels: lowering.kernels };
}

class Lowering {
  readonly kernels = new Set<string>();
  readonly #hooks: LowerHooks;
  #names = 0;
  /** Set while an aggregate or window function is lowered inside OVER. */
  #over = "";

  constructor(hooks: LowerHooks) {
    this.#hooks = hooks;
  }

  lower(root: Expr): string {
    return foldExpr<string>(root, (e, parts) => this.#combine(e, parts), lowered);
  }

  #combine(e: Expr, parts: readonly string[]): string {
    switch (e.kind) {
      case "Lit":
        return literalToDuck(e.value, e.type);
      case "Attr":
        return this.#hooks.attr?.(e) ?? `c${e.id}`;
      case "OuterAttr":
        return this.#hooks.outerAttr?.(e) ?? `c${e.attr.id}`;
      case "LambdaVar":
        return `v${e.id}`;
      case "LambdaExpr":
        return lambdaSql(e, parts[0] as string);
      case "AliasExpr":
        return parts[0] as string;
      case "SortExpr":
        return sortSql(e, parts[0] as string);
      case "CastExpr":
        return this.#cast(e, parts[0] as string);
      case "Call":
        return this.#call(e, parts, "");
      case "SubqueryExpr":
        if (this.#hooks.subquery === undefined)
          throw new Error("a subquery stands where none can be lowered");
        return this.#hooks.subquery(e, parts);
      case "WindowExpr":
        return this.#window(e, parts);
    }
  }

  #cast(e: CastExpr, child: string): string {
    return lowerCast(child, e.child.type, e.type, {
      ...this.#context(e.origin),
      mode: e.mode,
      timeZone: e.timeZone ?? this.#hooks.timeZone,
    });
  }

  #call(call: Call, parts: readonly string[], over: string): string {
    const entry = entryOf(call.fn);
    if (entry.lower === undefined) throw new Error(`${call.fn} has no lowering`);
    const args = parts.slice(0, call.args.length);
    const order = parts.slice(call.args.length, call.args.length + (call.withinGroup?.length ?? 0));
    const filter = call.filter === undefined ? undefined : parts[parts.length - 1];
    const outer = this.#over;
    this.#over = over;
    try {
      return entry.lower(args, {
        ...this.#context(call.origin),
        call,
        agg: (name, aggArgs, options = {}) =>
          this.#aggregate(
            name,
            aggArgs,
            {
              distinct: options.distinct ?? call.distinct === true,
              orderBy: options.orderBy ?? order,
              ignoreNulls: options.ignoreNulls === true,
              filter: [filter, options.filter].filter((f) => f !== undefined),
            },
            over,
          ),
      });
    } finally {
      this.#over = outer;
    }
  }

  #aggregate(
    name: string,
    args: readonly string[],
    o: {
      readonly distinct: boolean;
      readonly orderBy: readonly string[];
      readonly filter: readonly string[];
      readonly ignoreNulls: boolean;
    },
    over: string,
  ): string {
    const filters = o.ignoreNulls && over === "" ? [...o.filter, `${args[0]} IS NOT NULL`] : o.filter;
    const order = o.orderBy.length === 0 ? "" : ` ORDER BY ${o.orderBy.join(", ")}`;
    const nulls = o.ignoreNulls && over !== "" ? " IGNORE NULLS" : "";
    const filter = filters.length === 0 ? "" : ` FILTER (WHERE ${filters.join(" AND ")})`;
    return `${name}(${o.distinct ? "DISTINCT " : ""}${args.join(", ")}${order}${nulls})${filter}${over}`;
  }

  #window(e: WindowExpr, parts: readonly string[]): string {
    const argCount = loweredFunctionParts(e.fn).length;
    const over = lowerWindow(e, parts.slice(argCount));
    return this.#call(e.fn, parts.slice(0, argCount), ` ${over}`);
  }

  #context(origin: Origin | undefined): Omit<LowerContext, "call" | "agg"> {
    return {
      timeZone: this.#hooks.timeZone,
      ansiEnabled: this.#hooks.ansiEnabled,
      kernel: (name, ...args) => this.#kernel(name, args),
      let: (sql, use) => {
        // What is another value each time must be asked for once.
        if (sql.length <= LET_LENGTH && !sql.includes("random()")) return use(sql);
        const name = this.#fresh("x");
        return `list_transform([${sql}], lambda ${name}: ${use(name)})[1]`;
      },
      raise: (errorClass, condition, parameters) => raiseSql(errorClass, condition, parameters, origin),
      lower: (expr) => this.lower(expr),
      fresh: (prefix) => this.#fresh(prefix),
    };
  }

  #kernel(name: string, args: readonly string[]): string {
    if (!KERNEL_NAMES.has(name)) throw new Error(`no kernel is named ${name}`);
    this.kernels.add(name);
    return `k_${name}(${args.join(", ")})`;
  }

  #fresh(prefix: string): string {
    this.#names += 1;
    return `${prefix}_${this.#names}`;
  }
}

/** A window function's own parts come first, then those of its specification. */
function lowered(e: Expr): readonly Expr[] {
  if (e.kind !== "WindowExpr") return childrenOf(e);
  return [...loweredFunctionParts(e.fn), ...childrenOf(e).slice(1)];
}

function loweredFunctionParts(fn: Call): readonly Expr[] {
  return childrenOf(fn);
}

function lambdaSql(e: LambdaExpr, body: string): string {
  return `lambda ${e.params.map((p) => `v${p.id}`).join(", ")}: ${body}`;
}

function sortSql(e: SortExpr, child: string): string {
  return `${child} ${e.direction === "ascending" ? "ASC" : "DESC"} NULLS ${e.nullsFirst ? "FIRST" : "LAST"}`;
}

/** Whether both are held by the same DuckDB type, so that nothing needs to be done to a value. */
export function sameInDuck(a: Expr, b: Expr): boolean {
  return sameTypeIgnoringNullability(a.type, b.type) || duckType(a.type) === duckType(b.type);
}
