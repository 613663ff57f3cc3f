import type { Call, Expr, SortExpr } from "../functions/expr.ts";
import { someExpr } from "../functions/expr-tree.ts";
import type { AnalysisConf, BindContext, FunctionEntry } from "../functions/function-entry.ts";
import { prettyExpr } from "../functions/pretty.ts";
import { entryOf } from "../functions/registry.ts";
import type { Origin } from "../plan/origin.ts";
import type { Relation } from "../plan/relation.ts";
import type { AnalysisContext, AnalyzedQuery } from "./analyzed-query.ts";
import type { ReferenceTable } from "./references.ts";

/** What one analysis shares: numbers handed out, what was found, what is reported beside the plan. */
export class AnalysisState {
  readonly context: AnalysisContext;
  readonly references: ReferenceTable;
  readonly warnings: string[] = [];
  readonly observations: AnalyzedQuery["observations"][number][] = [];
  readonly nextId: () => number;
  /** Queries that are the whole of a definition in WITH, or of a subquery in an expression. */
  readonly wholeQueries = new WeakSet<Relation>();

  constructor(context: AnalysisContext, references: ReferenceTable) {
    this.context = context;
    this.references = references;
    let id = 0;
    this.nextId = () => ++id;
  }

  get conf(): AnalysisConf {
    return this.context.conf;
  }

  isOn(key: string, otherwise: boolean): boolean {
    const value = this.conf.get(key);
    return value === undefined ? otherwise : value.trim().toLowerCase() === "true";
  }

  /** What an entry may know while it binds a call. */
  bindContext(
    name: string,
    origin: Origin | undefined,
    options: {
      readonly distinct?: boolean;
      readonly ignoreNulls?: boolean;
      readonly withinGroup?: readonly SortExpr[];
      readonly constant?: BindContext["constant"];
    } = {},
  ): BindContext {
    const { context } = this;
    return {
      name,
      ...(origin === undefined ? {} : { origin }),
      conf: context.conf,
      distinct: options.distinct ?? false,
      ignoreNulls: options.ignoreNulls ?? false,
      withinGroup: options.withinGroup ?? [],
      queryTimeMicros: context.queryTimeMicros,
      currentDatabase: context.currentDatabase,
      currentUser: context.currentUser,
      nextId: this.nextId,
      nextSeed: context.nextSeed,
      parseSchema: (text) => this.references.parsedSchemaType(text),
      ...(options.constant === undefined ? {} : { constant: options.constant }),
    };
  }

  pretty(e: Expr): string {
    return prettyExpr(e, this.conf.timeZone);
  }

  /** A call that the analyzer makes itself. */
  call(fn: string, args: readonly Expr[], origin?: Origin): Expr {
    return entryOf(fn).bind(args, this.bindContext(fn, origin));
  }
}

/** An aggregate function; not one that its entry has rewritten in terms of others. */
export function isAggregateCall(e: Expr): e is Call {
  if (e.kind !== "Call" || kindOf(e) !== "aggregate") return false;
  const [only] = e.args;
  return e.shown === undefined || e.args.length !== 1 || !someExpr(only as Expr, isAggregateCall);
}

export function isGenerator(e: Expr): e is Call {
  return e.kind === "Call" && kindOf(e) === "generator";
}

export function kindOf(e: Call): FunctionEntry["kind"] {
  return entryOf(e.fn).kind;
}
