import { analysisError, PySparkException, sparkError } from "../../errors/spark-error.ts";
import type { Expression } from "../../plan/expression.ts";
import { isRelation } from "../../plan/kinds.ts";
import type { Relation } from "../../plan/relation.ts";
import type {
  CaseStatement,
  CompoundStatement,
  ForStatement,
  IfStatement,
  ScriptHandler,
  ScriptStatement,
  SqlStep,
} from "../../plan/script.ts";
import { randomUuid } from "../../types/random-uuid.ts";
import { throwIfCancelled } from "../operations.ts";
import type { ScriptFrame, Variable } from "../session-variables.ts";
import type { CommandEnv } from "./command-env.ts";
import { type CommandOutput, NO_OUTPUT } from "./command-output.ts";
import { type Evaluated, evaluate } from "./variables.ts";

/** What ends a list of statements early: a jump to a label, or a handler that leaves its block. */
type Jump =
  | { readonly type: "leave" | "iterate"; readonly label: string }
  | { readonly type: "exit"; readonly block: Block };

/** A block that is running: its variables and its handlers. */
interface Block {
  readonly statement: CompoundStatement;
  readonly frame: ScriptFrame;
  readonly outer: Block | undefined;
  /** The handler that is running: its own block's handlers do not catch what it raises. */
  handling?: boolean;
}

/** Runs `BEGIN ... END`; what it answers with is what its last query did. */
export async function runScript(script: CompoundStatement, env: CommandEnv): Promise<CommandOutput> {
  const run = new ScriptRun(env);
  await run.block(script, undefined);
  return run.output;
}

class ScriptRun {
  readonly #env: CommandEnv;
  output: CommandOutput = NO_OUTPUT;

  constructor(env: CommandEnv) {
    this.#env = env;
  }

  async block(statement: CompoundStatement, outer: Block | undefined): Promise<Jump | undefined> {
    const frame: ScriptFrame = {
      label: statement.label ?? randomUuid(),
      variables: statement.isScope ? new Map() : (outer?.frame.variables ?? new Map()),
    };
    const block: Block = { statement, frame, outer };
    const jump = await this.#statements(statement.body, block);
    if (jump?.type === "exit" && jump.block === block) return undefined;
    if (jump?.type === "leave" && same(jump.label, statement.label)) return undefined;
    return jump;
  }

  async #statements(body: readonly ScriptStatement[], block: Block): Promise<Jump | undefined> {
    for (const statement of body) {
      throwIfCancelled(this.#env.operation.signal);
      let jump: Jump | undefined;
      try {
        jump = await this.#statement(statement, block);
      } catch (error) {
        jump = await this.#handle(error, block);
      }
      if (jump !== undefined) return jump;
    }
    return undefined;
  }

  /** Runs the handler for an error: the nearest one outwards, the one that says the most about it. */
  async #handle(error: unknown, from: Block): Promise<Jump | undefined> {
    if (!(error instanceof PySparkException)) throw error;
    for (let block: Block | undefined = from; block !== undefined; block = block.outer) {
      if (block.handling === true) continue;
      const handler = findHandler(block.statement.handlers, error);
      if (handler === undefined) continue;
      block.handling = true;
      try {
        const jump = await this.#statements(handler.body, block);
        if (jump !== undefined) return jump;
      } finally {
        block.handling = false;
      }
      if (handler.type === "exit") return { type: "exit", block };
      // Continuing goes on right after the statement that failed.
      return undefined;
    }
    throw error;
  }

  async #statement(statement: ScriptStatement, block: Block): Promise<Jump | undefined> {
    switch (statement.kind) {
      case "CompoundStatement":
        return this.block(statement, block);
      case "SqlStep":
        await this.#step(statement, block);
        return undefined;
      case "IfStatement":
      case "CaseStatement":
        return this.#statements(await this.#branch(statement, block), block);
      case "WhileStatement":
        return this.#loop(statement.label, block, async (turn) => {
          while (await this.#holds(statement.condition, block)) {
            const jump = await turn(statement.body);
            if (jump !== "next") return jump;
          }
          return undefined;
        });
      case "RepeatStatement":
        return this.#loop(statement.label, block, async (turn) => {
          do {
            const jump = await turn(statement.body);
            if (jump !== "next") return jump;
          } while (!(await this.#holds(statement.until, block)));
          return undefined;
        });
      case "LoopStatement":
        return this.#loop(statement.label, block, async (turn) => {
          for (;;) {
            const jump = await turn(statement.body);
            if (jump !== "next") return jump;
          }
        });
      case "ForStatement":
        return this.#for(statement, block);
      case "LeaveStatement":
        return { type: "leave", label: statement.label };
      case "IterateStatement":
        return { type: "iterate", label: statement.label };
    }
  }

  /** A loop by its turns: each tells whether to go on, and what ended the loop otherwise. */
  async #loop(
    label: string | undefined,
    block: Block,
    run: (
      turn: (body: readonly ScriptStatement[]) => Promise<Jump | "next" | undefined>,
    ) => Promise<Jump | undefined>,
  ): Promise<Jump | undefined> {
    return run(async (body) => {
      throwIfCancelled(this.#env.operation.signal);
      return afterTurn(await this.#statements(body, block), label);
    });
  }

  async #for(statement: ForStatement, block: Block): Promise<Jump | undefined> {
    const { label, variable, body } = statement;
    const { schema, rows } = await this.#envOf(block).runner.collect(
      statement.query,
      this.#envOf(block).operation,
    );
    for (const row of rows) {
      throwIfCancelled(this.#env.operation.signal);
      const variables = new Map<string, Variable>();
      for (const [i, { name, dataType }] of schema.fields.entries()) {
        variables.set(name.toLowerCase(), { identifier: [name], dataType, value: row[i] ?? null });
      }
      const turn: Block = {
        statement: { kind: "CompoundStatement", body, handlers: [], conditions: [], isScope: true },
        frame: { ...(variable === undefined ? {} : { label: variable }), variables },
        outer: block,
      };
      const ended = await this.#statements(body, turn);
      if (ended?.type === "exit" && ended.block === turn) continue;
      const jump = afterTurn(ended, label);
      if (jump !== "next") return jump;
    }
    return undefined;
  }

  async #branch(statement: IfStatement | CaseStatement, block: Block): Promise<readonly ScriptStatement[]> {
    for (const { condition, body } of statement.branches) {
      const operand = statement.kind === "CaseStatement" ? statement.operand : undefined;
      const test: Expression =
        operand === undefined
          ? condition
          : { kind: "UnresolvedFunction", functionName: "=", arguments: [operand, condition] };
      if (await this.#holds(test, block)) return body;
    }
    return statement.otherwise ?? [];
  }

  async #holds(condition: Expression, block: Block): Promise<boolean> {
    const [found] = await evaluate([condition], this.#envOf(block));
    const { name, dataType, value } = found as Evaluated;
    if (dataType.kind === "boolean") return value === true;
    throw sparkError("UnknownException", {
      condition: "INVALID_BOOLEAN_STATEMENT",
      messageParameters: { invalidStatement: name },
    });
  }

  async #step({ statement }: SqlStep, block: Block): Promise<void> {
    const env = this.#envOf(block);
    if (isRelation(statement)) {
      await this.#query(statement, env);
      return;
    }
    if (statement.kind === "DropVariable") {
      throw analysisError("UNSUPPORTED_FEATURE.SQL_SCRIPTING_DROP_TEMPORARY_VARIABLE", {});
    }
    const output = await env.run(statement);
    if (output.relation !== undefined) await this.#query(output.relation, env);
  }

  /** Runs a query to its end, as its errors belong to this place; its rows are kept. */
  async #query(plan: Relation, env: CommandEnv): Promise<void> {
    const { schema, chunks } = await env.runner.run(plan, env.operation);
    const relationId = randomUuid();
    const { kept } = env.session;
    const before = this.output.relation;
    if (before?.kind === "CachedRemoteRelation") kept.delete(before.relationId);
    kept.set(relationId, { kind: "rows", schema, data: chunks });
    this.output = { schema, rows: [], relation: { kind: "CachedRemoteRelation", relationId } };
  }

  #envOf(block: Block): CommandEnv {
    const frames: ScriptFrame[] = [];
    for (let b: Block | undefined = block; b !== undefined; b = b.outer) frames.push(b.frame);
    return this.#env.within({ ...this.#env.operation, frames });
  }
}

/** What follows a turn of a loop: another turn, the end of the loop, or a jump beyond it. */
function afterTurn(jump: Jump | undefined, label: string | undefined): Jump | "next" | undefined {
  if (jump === undefined) return "next";
  if (jump.type === "exit" || !same(jump.label, label)) return jump;
  return jump.type === "iterate" ? "next" : undefined;
}

function same(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

/** A handler for the condition comes before one for its SQLSTATE, and that before one for everything. */
function findHandler(handlers: readonly ScriptHandler[], error: PySparkException): ScriptHandler | undefined {
  const condition = error.getCondition()?.toUpperCase() ?? "";
  const main = condition.split(".")[0] as string;
  const state = error.getSqlState()?.toUpperCase() ?? "";
  const named = handlers.find((h) =>
    h.conditions.some((c) => c.toUpperCase() === condition || c.toUpperCase() === main),
  );
  if (named !== undefined) return named;
  const byState = handlers.find((h) => h.sqlStates.some((s) => s.toUpperCase() === state));
  if (byState !== undefined) return byState;
  const isNotFound = state.startsWith("02");
  return handlers.find((h) => (isNotFound ? h.notFound : h.sqlException && !state.startsWith("XX")));
}
