import { outputOf } from "../../analyzer/output.ts";
import type { ResolvedRelation } from "../../analyzer/resolved-relation.ts";
import { inputsOf, rewritePlan } from "../../analyzer/resolved-tree.ts";
import { duckType } from "../../functions/duck-type.ts";
import type { Attr } from "../../functions/expr.ts";
import type { StructType } from "../../types/data-type.ts";
import type { LoweredQuery, LoweredStage, LowerOptions } from "./index.ts";
import { RelationLowering } from "./lower-relation.ts";
import { normalize } from "./normalize.ts";
import { usedAttributes } from "./used-attributes.ts";

/** Of a small machine: in so many partitions Spark reads what has no number of its own. */
const DEFAULT_PARALLELISM = 4;

type UdfStage = Extract<ResolvedRelation, { kind: "RUdfStage" }>;
type Local = Extract<ResolvedRelation, { kind: "RLocal" }>;

/** DuckDB SQL of a resolved plan. `output` names the columns of the result, by position. */
export function lowerQuery(plan: ResolvedRelation, output: StructType, options: LowerOptions): LoweredQuery {
  const stages: LoweredStage[] = [];
  const provided = new Map<ResolvedRelation, string>();
  let current = normalize(plan, {
    parallelism: options.parallelism ?? DEFAULT_PARALLELISM,
    shufflePartitions: options.shufflePartitions,
  });
  // The deepest stage of user functions runs first; what it gives is a local relation of the rest.
  for (let next = deepestUdfStage(current); next !== undefined; next = deepestUdfStage(current)) {
    const { stage, result } = lowerUdfStage(next, options, provided, stages.length);
    stages.push(stage);
    const done = next;
    current = rewritePlan(current, (p) => (p === done ? result : p));
  }
  const columns = outputOf(current);
  stages.push(lowerStage(current, columns, output, options, provided, stages.length));
  return { stages };
}

function lowerStage(
  plan: ResolvedRelation,
  columns: readonly Attr[],
  output: StructType,
  options: LowerOptions,
  provided: ReadonlyMap<ResolvedRelation, string>,
  index: number,
): LoweredStage {
  const lowering = new RelationLowering(
    options,
    usedAttributes(plan, columns),
    provided,
    index === 0 ? "" : `t${index}_`,
  );
  const from = lowering.lower(plan);
  const list = columns.map((c, i) => `CAST(c${c.id} AS ${duckType(c.type)}) AS o${i}`).join(", ");
  return {
    scans: lowering.scans,
    inputs: lowering.inputs,
    setup: lowering.setup,
    sql: `SELECT ${list === "" ? "0 AS one" : list} FROM ${from}`,
    cleanup: lowering.cleanup,
    kernels: [...lowering.kernels],
    output,
  };
}

/** The stage below the functions, with their arguments as further columns; and what the next stage reads. */
function lowerUdfStage(
  plan: UdfStage,
  options: LowerOptions,
  provided: Map<ResolvedRelation, string>,
  index: number,
): { readonly stage: LoweredStage; readonly result: Local } {
  const own = outputOf(plan.input);
  let id = 2_000_000_000 + index * 10_000;
  const args = plan.calls.flatMap((call) =>
    call.args.map((e) => ({
      kind: "AliasExpr" as const,
      child: e,
      id: id++,
      name: "arg",
      type: e.type,
      nullable: e.nullable,
    })),
  );
  const input: ResolvedRelation = { kind: "RProject", input: plan.input, columns: [...own, ...args] };
  const columns = outputOf(input);
  const schema: StructType = {
    kind: "struct",
    fields: columns.map((c) => ({ name: c.name, dataType: c.type, nullable: c.nullable })),
  };
  const stage = lowerStage(input, columns, schema, options, provided, index);
  const inputName = `udf${index}`;
  let at = own.length;
  const calls = plan.calls.map((call) => ({
    id: call.id,
    args: call.args.map(() => at++),
    resultType: call.resultType,
  }));
  const produced: readonly Attr[] = [...columns, ...plan.calls.map((call) => call.result)];
  const result: Local = { kind: "RLocal", data: [], columns: produced };
  provided.set(result, inputName);
  return {
    stage: {
      ...stage,
      userFunctions: {
        inputName,
        columns: produced.map((c) => ({ name: c.name, as: `c${c.id}`, type: c.type })),
        calls,
      },
    },
    result,
  };
}

function deepestUdfStage(root: ResolvedRelation): UdfStage | undefined {
  let found: UdfStage | undefined;
  const open: ResolvedRelation[] = [root];
  for (let plan = open.pop(); plan !== undefined; plan = open.pop()) {
    if (plan.kind === "RUdfStage") {
      found = plan;
      open.length = 0;
    }
    open.push(...inputsOf(plan));
  }
  return found;
}
