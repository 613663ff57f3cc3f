import { canAnsiStoreAssign, canCast } from "../functions/cast/can-cast.ts";
import { castTo, isUpCast, sameName } from "../functions/coercion.ts";
import type { AliasExpr, Attr, Expr } from "../functions/expr.ts";
import { parseExpression, parseOptionsFromConf } from "../sql/parse.ts";
import type { DataType, StructField, StructType } from "../types/data-type.ts";
import { STRING, sameType } from "../types/data-type.ts";
import { quotedSqlType, quoteIdentifier } from "../types/format.ts";
import { schemaOf } from "./analyze.ts";
import type { AnalysisContext, AnalyzedQuery } from "./analyzed-query.ts";
import { fail } from "./errors.ts";
import { resolveNow, trim } from "./expressions.ts";
import { extractField } from "./extract-value.ts";
import { outputOf } from "./output.ts";
import { ReferenceTable } from "./references.ts";
import type { RelationScope } from "./scope.ts";
import { AnalysisState } from "./state.ts";

export interface WriteTarget {
  /** Name as messages show it: "`spark_catalog`.`default`.`t`". */
  readonly tableName: string;
  readonly columns: StructType;
  /** INSERT's column list; absent columns get their default. */
  readonly insertColumns?: readonly string[];
  readonly byName: boolean;
  /** SQL text of defaults by column name. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly storeAssignment: "ansi" | "legacy" | "strict";
}

/** A query's rows as a table wants them: columns matched, store assignment casts put in, Spark's errors raised. */
export function analyzeForWrite(
  query: AnalyzedQuery,
  target: WriteTarget,
  context: AnalysisContext,
): AnalyzedQuery {
  return new WriteAnalysis(query, target, context).run();
}

class WriteAnalysis {
  readonly #query: AnalyzedQuery;
  readonly #target: WriteTarget;
  readonly #context: AnalysisContext;
  readonly #state: AnalysisState;
  #nextId: number;

  constructor(query: AnalyzedQuery, target: WriteTarget, context: AnalysisContext) {
    this.#query = query;
    this.#target = target;
    this.#context = context;
    this.#state = new AnalysisState(context, new ReferenceTable(context));
    this.#nextId = 1 + Math.max(0, ...outputOf(query.plan).map((a) => a.id)) + 1_000_000;
  }

  run(): AnalyzedQuery {
    const { columns, insertColumns, byName } = this.#target;
    const input = this.#named(outputOf(this.#query.plan));
    if (insertColumns === undefined && !byName && input.length !== columns.fields.length)
      throw this.#arityMismatch(input);
    const out = columns.fields.map((field, i): AliasExpr => this.#column(field, i, input));
    if (byName) {
      const extra = input.filter((a) => !columns.fields.some((f) => this.#same(f.name, a.name)));
      if (extra.length > 0) {
        throw fail("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS", {
          tableName: this.#target.tableName,
          extraColumns: extra.map((a) => quoteIdentifier(a.name)).join(", "),
        });
      }
    }
    const attrs = out.map(
      (c): Attr => ({
        kind: "Attr",
        id: c.id,
        name: c.name,
        type: c.type,
        nullable: c.nullable,
        qualifier: [],
      }),
    );
    return {
      ...this.#query,
      plan: { kind: "RProject", input: this.#query.plan, columns: out },
      schema: schemaOf(attrs),
      autoAliased: out.map(() => false),
    };
  }

  /** The query's columns under the names that an INSERT's column list gives them. */
  #named(output: readonly Attr[]): readonly Attr[] {
    const { insertColumns } = this.#target;
    const schema = this.#query.schema.fields;
    if (insertColumns === undefined) return output.map((a, i) => ({ ...a, name: schema[i]?.name ?? a.name }));
    if (insertColumns.length !== output.length) throw this.#arityMismatch(output, insertColumns);
    return output.map((a, i) => ({ ...a, name: insertColumns[i] as string }));
  }

  #arityMismatch(output: readonly Attr[], names?: readonly string[]): Error {
    const tableColumns = names ?? this.#target.columns.fields.map((f) => f.name);
    const kind = output.length > tableColumns.length ? "TOO_MANY_DATA_COLUMNS" : "NOT_ENOUGH_DATA_COLUMNS";
    return fail(`INSERT_COLUMN_ARITY_MISMATCH.${kind}`, {
      tableName: this.#target.tableName,
      tableColumns: tableColumns.map(quoteIdentifier).join(", "),
      dataColumns: output.map((a) => quoteIdentifier(a.name)).join(", "),
    });
  }

  #same(a: string, b: string): boolean {
    return sameName(a, b, this.#context.conf);
  }

  #column(field: StructField, index: number, input: readonly Attr[]): AliasExpr {
    const isByName = this.#target.byName || this.#target.insertColumns !== undefined;
    const matches = isByName ? input.filter((a) => this.#same(a.name, field.name)) : [input[index] as Attr];
    if (matches.length > 1) {
      throw fail("INCOMPATIBLE_DATA_FOR_TABLE.AMBIGUOUS_COLUMN_NAME", {
        tableName: this.#target.tableName,
        colName: quoteIdentifier(field.name),
      });
    }
    const [source] = matches;
    const value =
      source === undefined
        ? this.#default(field)
        : this.#stored(source, field.dataType, field.nullable, [field.name]);
    return {
      kind: "AliasExpr",
      child: value,
      id: this.#nextId++,
      name: field.name,
      type: value.type,
      nullable: value.nullable,
      ...(field.metadata === undefined ? {} : { metadata: field.metadata }),
    };
  }

  #default(field: StructField): Expr {
    const text = this.#target.defaults?.[field.name];
    if (text === undefined) {
      if (
        !field.nullable ||
        (this.#target.byName && this.#target.insertColumns === undefined && !this.#fillsMissing())
      ) {
        throw fail("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA", {
          tableName: this.#target.tableName,
          colName: quoteIdentifier(field.name),
        });
      }
      return { kind: "Lit", type: field.dataType, nullable: true, value: null };
    }
    const scope: RelationScope = {
      commonTables: undefined,
      outer: undefined,
      currentDatabase: this.#context.currentDatabase,
      isInView: false,
      viewDepth: 0,
      references: undefined,
      windows: undefined,
    };
    const parsed = parseExpression(text, parseOptionsFromConf(this.#context.conf.get));
    const e = trim(resolveNow(parsed, { inputs: [], scope }, this.#state));
    return castTo(e, field.dataType, this.#context.conf);
  }

  #fillsMissing(): boolean {
    return (
      this.#context.conf.get("spark.sql.defaultColumn.useNullsForMissingDefaultValues")?.toLowerCase() !==
      "false"
    );
  }

  /** The value in the column's type, by the rules of storing. */
  #stored(e: Expr, to: DataType, nullable: boolean, path: readonly string[]): Expr {
    const { storeAssignment } = this.#target;
    const from = e.type;
    if (sameType(from, to)) return e;
    const name = () => path.map(quoteIdentifier).join(".");
    if (from.kind === "struct" && to.kind === "struct")
      return this.#storedStruct(e, from, to, nullable, path);
    const isAllowed =
      storeAssignment === "legacy"
        ? canCast(from, to, "legacy")
        : storeAssignment === "strict"
          ? isUpCast(from, to)
          : canAnsiStoreAssign(from, to);
    if (!isAllowed) {
      throw fail("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST", {
        tableName: this.#target.tableName,
        colName: name(),
        srcType: quotedSqlType(from),
        targetType: quotedSqlType(to),
      });
    }
    return castTo(e, to, { ...this.#context.conf, ansiEnabled: storeAssignment !== "legacy" });
  }

  #storedStruct(e: Expr, from: StructType, to: StructType, nullable: boolean, path: readonly string[]): Expr {
    const isByName = this.#target.byName;
    if (from.fields.length < to.fields.length) {
      const missing = to.fields.slice(from.fields.length).map((f) => quoteIdentifier(f.name));
      throw fail("INCOMPATIBLE_DATA_FOR_TABLE.STRUCT_MISSING_FIELDS", {
        tableName: this.#target.tableName,
        colName: path.map(quoteIdentifier).join("."),
        missingFields: missing.join(", "),
      });
    }
    if (from.fields.length > to.fields.length) {
      throw fail("INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_STRUCT_FIELDS", {
        tableName: this.#target.tableName,
        colName: path.map(quoteIdentifier).join("."),
        extraFields: from.fields
          .slice(to.fields.length)
          .map((f) => quoteIdentifier(f.name))
          .join(", "),
      });
    }
    const args = to.fields.flatMap((f, i): Expr[] => {
      const source = isByName ? from.fields.find((g) => this.#same(g.name, f.name)) : from.fields[i];
      if (source === undefined) {
        throw fail("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA", {
          tableName: this.#target.tableName,
          colName: [...path, f.name].map(quoteIdentifier).join("."),
        });
      }
      const value = extractField(e, source.name, this.#state, undefined);
      return [
        { kind: "Lit", type: STRING, nullable: false, value: f.name },
        this.#stored(value, f.dataType, f.nullable, [...path, f.name]),
      ];
    });
    const built = this.#state.call("named_struct", args);
    if (!e.nullable && !nullable) return built;
    return this.#state.call("if", [
      this.#state.call("isnull", [e]),
      { kind: "Lit", type: built.type, nullable: true, value: null },
      built,
    ]);
  }
}
