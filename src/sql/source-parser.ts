import type { Expression } from "../plan/expression.ts";
import type { Relation, TableSample } from "../plan/relation.ts";
import { INTEGER } from "../types/data-type.ts";
import type { TextProblem } from "../types/parse-interval.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { unparsed } from "./name-text.ts";

/** What may follow a relation in FROM, and names of tables. */
export abstract class SourceParser extends ExpressionParser {
  protected lateralView(input: Relation): Relation {
    return this.lateralViewOver()(input);
  }

  protected lateralViewOver(): (input: Relation) => Relation {
    const first = this.pos;
    this.pos += 2;
    const isOuter = this.accept("OUTER");
    const generatorAt = this.pos;
    const nameParts = this.multipartIdentifier();
    this.expect("(");
    const args = this.at(")") ? [] : this.list(() => this.expression());
    this.expect(")");
    const generator: Expression = {
      kind: "UnresolvedFunction",
      functionName: unparsed(nameParts),
      arguments: args,
      ...(nameParts.length > 1 ? { nameParts } : {}),
      origin: this.originFrom(generatorAt),
    };
    const tableAlias = this.identifier();
    let columnAliases: readonly string[] = [];
    if (this.at("AS") || (this.atIdentifier() && !this.isClauseWord(this.pos))) {
      this.accept("AS");
      columnAliases = this.list(() => this.identifier());
    }
    const origin = this.originFrom(first);
    return (input) => ({ kind: "LateralView", input, generator, isOuter, tableAlias, columnAliases, origin });
  }

  /** `ROW FORMAT SERDE ...` or `ROW FORMAT DELIMITED ...`; Hive's, so its parts are only read. */
  protected rowFormat(): "serde" | "delimited" | undefined {
    if (!this.accept("ROW")) return undefined;
    this.expect("FORMAT");
    if (this.accept("SERDE")) {
      this.stringLiteral();
      if (this.acceptAll("WITH", "SERDEPROPERTIES")) this.propertyList();
      return "serde";
    }
    this.expect("DELIMITED");
    if (this.acceptAll("FIELDS", "TERMINATED", "BY")) {
      this.stringLiteral();
      if (this.acceptAll("ESCAPED", "BY")) this.stringLiteral();
    }
    if (this.acceptAll("COLLECTION", "ITEMS", "TERMINATED", "BY")) this.stringLiteral();
    if (this.acceptAll("MAP", "KEYS", "TERMINATED", "BY")) this.stringLiteral();
    if (this.acceptAll("LINES", "TERMINATED", "BY")) {
      const first = this.pos;
      if (this.stringLiteral() !== "\n") this.defer(first, this.pos - 1, "_LEGACY_ERROR_TEMP_0069");
    }
    if (this.acceptAll("NULL", "DEFINED", "AS")) this.stringLiteral();
    return "delimited";
  }

  protected binBy(): Relation {
    const first = this.pos;
    this.expectAll("BIN", "BY", "(", "RANGE");
    this.multipartIdentifier();
    this.expect("TO");
    this.multipartIdentifier();
    this.expectAll("BIN", "WIDTH");
    this.expression();
    if (this.acceptAll("ALIGN", "TO")) this.expression();
    this.expectAll("DISTRIBUTE", "UNIFORM", "(");
    this.list(() => this.multipartIdentifier());
    this.expect(")");
    for (const word of ["BIN_START", "BIN_END", "BIN_DISTRIBUTE_RATIO"] as const) {
      if (this.acceptAll(word, "AS")) this.identifierNoMinus();
    }
    this.expect(")");
    if (this.accept("AS") || this.atAlias(true)) this.identifierNoMinus();
    return { kind: "UnsupportedRelation", feature: "BIN BY", origin: this.originFrom(first) };
  }

  /** A table's name, or `IDENTIFIER(...)` for one. */
  protected tableReference(first: number): Relation {
    const name = this.identifierReference();
    const origin = this.originFrom(first);
    if (Array.isArray(name)) {
      return { kind: "ReadTable", unparsedIdentifier: unparsed(name), nameParts: name, options: {}, origin };
    }
    const identifierClause = name as Expression;
    return { kind: "ReadTable", unparsedIdentifier: "", identifierClause, options: {}, origin };
  }

  /** A dotted name, or the expression in `IDENTIFIER(...)`. */
  protected identifierReference(): readonly string[] | Expression {
    if (this.at("IDENTIFIER") && this.peek(1) === "(") {
      const after = this.kindAt(this.closingOf(this.pos + 1) + 1);
      if (!this.isIdentifierLiteral(this.pos) || after !== ".") {
        const first = this.pos;
        this.pos += 2;
        const expression = this.expression();
        this.expect(")");
        const isText = expression.kind === "Literal" && typeof expression.value === "string";
        return isText ? this.splitIdentifier(String(expression.value), first) : expression;
      }
    }
    return this.multipartIdentifier();
  }

  /** `WITH ('key' = 'value')` after a table's name. */
  protected optionsClause(): Readonly<Record<string, string>> | undefined {
    if (!this.at("WITH") || this.peek(1) !== "(") return undefined;
    this.pos++;
    return this.propertyList();
  }

  /** `('key' = 'value', key.part = 1, flag)`. */
  protected abstract propertyList(): Readonly<Record<string, string>>;

  protected aliasedRelation(input: Relation, first: number): Relation {
    this.watermark();
    const alias = this.tableAlias();
    if (alias === undefined) return input;
    return {
      kind: "SubqueryAlias",
      input,
      alias: alias.name,
      ...(alias.columns === undefined ? {} : { columnAliases: alias.columns }),
      origin: this.originFrom(first),
    };
  }

  protected watermark(): void {
    if (!this.at("WATERMARK") || !this.isClauseWord(this.pos)) return;
    const first = this.pos++;
    this.expression();
    this.expectAll("DELAY", "OF");
    this.expression();
    this.defer(first, this.pos - 1, "UNSUPPORTED_FEATURE", { feature: "WATERMARK" });
  }

  protected tableAlias(): { readonly name: string; readonly columns?: readonly string[] } | undefined {
    const hasAs = this.at("AS") && this.isIdentifier(this.pos + 1, true) && !this.isClauseWord(this.pos + 1);
    if (hasAs) this.pos++;
    else if (!this.atAlias(true)) return undefined;
    const name = this.identifier(true);
    if (!this.at("(")) return { name };
    return { name, columns: this.identifierList() };
  }

  protected sampled(input: Relation): Relation {
    if (!this.at("TABLESAMPLE") || !this.isClauseWord(this.pos)) return input;
    return this.sample(input);
  }

  protected sample(input: Relation): Relation {
    return this.sampleOver()(input);
  }

  protected sampleOver(): (input: Relation) => Relation {
    const first = this.pos;
    this.expect("TABLESAMPLE");
    if (!this.accept("BERNOULLI")) this.accept("SYSTEM");
    this.expect("(");
    const { method, problem } = this.#sampleMethod();
    this.expect(")");
    let seed: number | undefined;
    if (this.acceptAll("REPEATABLE", "(")) {
      seed = this.integerValue();
      this.expect(")");
    }
    if (problem !== undefined) this.defer(first, this.pos - 1, problem.condition, problem.parameters);
    const origin = this.originFrom(first);
    return (input) => ({
      kind: "TableSample",
      input,
      method,
      ...(seed === undefined ? {} : { seed }),
      origin,
    });
  }

  #sampleMethod(): { readonly method: TableSample["method"]; readonly problem?: TextProblem } {
    const nothing: TableSample["method"] = {
      kind: "rows",
      rows: { kind: "Literal", dataType: INTEGER, value: 0 },
    };
    if (this.at(")"))
      return { method: nothing, problem: { condition: "_LEGACY_ERROR_TEMP_0014", parameters: {} } };
    const number = this.peek(this.at("-") ? 1 : 0);
    if ((number === "integer" || number === "decimal") && this.peek(this.at("-") ? 2 : 1) === "PERCENT") {
      const percent = this.valueExpression();
      this.expect("PERCENT");
      const fraction = percent.kind === "Literal" ? Number(percent.value) / 100 : 0;
      return { method: { kind: "percent", percent }, ...badFraction(fraction) };
    }
    if (this.at("BUCKET") && this.peek(1) === "integer" && this.peek(2) === "OUT") {
      this.pos++;
      const numerator = this.integerValue();
      this.expectAll("OUT", "OF");
      const denominator = this.integerValue();
      const method = { kind: "bucket", numerator, denominator } as const;
      if (!this.accept("ON")) return { method, ...badFraction(numerator / denominator) };
      this.multipartIdentifier();
      const msg = this.acceptAll("(", ")") ? "BUCKET x OUT OF y ON function" : "BUCKET x OUT OF y ON colname";
      return { method, problem: { condition: "_LEGACY_ERROR_TEMP_0015", parameters: { msg } } };
    }
    const rows = this.expression();
    if (this.accept("ROWS")) return { method: { kind: "rows", rows } };
    const text = this.textOf(this.pos - 1);
    if (/^[0-9_]*[bBkKmMgG]$/.test(text)) {
      return {
        method: nothing,
        problem: { condition: "_LEGACY_ERROR_TEMP_0015", parameters: { msg: "byteLengthLiteral" } },
      };
    }
    return {
      method: nothing,
      problem: { condition: "_LEGACY_ERROR_TEMP_0016", parameters: { bytesStr: text } },
    };
  }

  protected bracketed<T>(item: () => T): T[] {
    this.expect("(");
    const items = this.list(item);
    this.expect(")");
    return items;
  }

  protected pivot(input: Relation): Relation {
    return this.pivotOver()(input);
  }

  protected pivotOver(): (input: Relation) => Relation {
    const first = this.pos;
    this.pos += 2;
    const aggregates = this.list(() => this.namedExpression());
    this.expect("FOR");
    const names = this.at("(") ? this.identifierList() : [this.identifierNoMinus()];
    this.expectAll("IN", "(");
    const values = this.list(() => this.namedExpression());
    this.expectAll(")", ")");
    const alias = this.#pivotAlias();
    const origin = this.originFrom(first);
    const columns = names.map(
      (name): Expression => ({
        kind: "UnresolvedAttribute",
        unparsedIdentifier: unparsed([name]),
        nameParts: [name],
        origin,
      }),
    );
    return (input) => aliasedPlan({ kind: "SqlPivot", input, aggregates, columns, values, origin }, alias);
  }

  #pivotAlias(): string | undefined {
    const hasAs = this.at("AS") && this.isIdentifier(this.pos + 1);
    if (!hasAs && !(this.atAlias() && !this.at("LATERAL"))) return undefined;
    this.accept("AS");
    return this.identifierNoMinus();
  }

  protected unpivot(input: Relation): Relation {
    return this.unpivotOver()(input);
  }

  protected unpivotOver(): (input: Relation) => Relation {
    const first = this.pos++;
    const includeNulls = this.acceptAll("INCLUDE", "NULLS");
    if (!includeNulls) this.acceptAll("EXCLUDE", "NULLS");
    this.expect("(");
    const isMulti = this.at("(");
    const valueColumnNames = isMulti ? this.bracketed(() => this.identifier()) : [this.identifier()];
    this.expect("FOR");
    const variableColumnName = this.identifier();
    this.expectAll("IN", "(");
    const groups = this.list(() => {
      const columns = isMulti ? this.bracketed(() => this.#unpivotColumn()) : [this.#unpivotColumn()];
      const hasAlias = this.accept("AS") || this.atIdentifier();
      return hasAlias ? { columns, alias: this.identifierNoMinus() } : { columns };
    });
    this.expectAll(")", ")");
    const alias = this.#pivotAlias();
    const origin = this.originFrom(first);
    return (input) =>
      aliasedPlan(
        {
          kind: "Unpivot",
          input,
          ids: [],
          values: groups.flatMap((g) => g.columns),
          variableColumnName,
          valueColumnName: valueColumnNames[0] as string,
          multi: { valueColumnNames, groups },
          includeNulls,
          isSql: true,
          origin,
        },
        alias,
      );
  }

  #unpivotColumn(): Expression {
    const first = this.pos;
    const nameParts = this.multipartIdentifier();
    return {
      kind: "UnresolvedAttribute",
      unparsedIdentifier: unparsed(nameParts),
      nameParts,
      origin: this.originFrom(first),
    };
  }
}

function aliasedPlan(input: Relation, alias: string | undefined): Relation {
  return alias === undefined
    ? input
    : {
        kind: "SubqueryAlias",
        input,
        alias,
        ...(input.origin === undefined ? {} : { origin: input.origin }),
      };
}

function badFraction(fraction: number): { readonly problem?: TextProblem } {
  if (fraction >= 0 && fraction <= 1) return {};
  return {
    problem: { condition: "INVALID_TABLESAMPLE_FRACTION", parameters: { fraction: javaDouble(fraction) } },
  };
}

function javaDouble(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
