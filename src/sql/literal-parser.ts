import { type PySparkException, sparkError } from "../errors/spark-error.ts";
import type { Expression, Literal, UnresolvedFunction } from "../plan/expression.ts";
import { type DataType, INTEGER, NULL, STRING } from "../types/data-type.ts";
import type { TextProblem } from "../types/parse-interval.ts";
import { ClauseParser } from "./clause-parser.ts";
import { IntervalReader } from "./interval-reader.ts";
import { numberLiteral } from "./number-literal.ts";
import { typedLiteral } from "./typed-literal.ts";

/** Literals of every kind, and parameter markers. */
export abstract class LiteralParser extends ClauseParser {
  #positionalMarkers = 0;

  /** The index of the token that begins at a place in the text. */
  protected tokenAt(start: number): number {
    let low = 0;
    let high = this.pos;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tokens.starts[middle] as number) < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  protected functionOf(functionName: string, args: readonly Expression[], first: number): UnresolvedFunction {
    return { kind: "UnresolvedFunction", functionName, arguments: args, origin: this.originFrom(first) };
  }

  protected textLiteral(value: string, first: number): Literal {
    return { kind: "Literal", dataType: STRING, value, origin: this.originFrom(first) };
  }

  protected negatable(
    negated: boolean,
    name: string,
    args: readonly Expression[],
    first: number,
  ): Expression {
    const call = this.functionOf(name, args, first);
    return negated ? this.functionOf("not", [call], first) : call;
  }

  protected plainLiteral(dataType: DataType, value: null | boolean): Literal {
    this.pos++;
    return { kind: "Literal", dataType, value, origin: this.originFrom(this.pos - 1) };
  }

  protected stringOperand(): Expression {
    const first = this.pos;
    const given = this.parameterAt(first);
    if (given !== undefined && !this.atString(1)) {
      this.pos++;
      return given;
    }
    const value = this.stringLiteral();
    return { kind: "Literal", dataType: STRING, value, origin: this.originFrom(first) };
  }

  protected numberOperand(): Expression {
    const first = this.pos;
    const given = this.parameterAt(first);
    if (given !== undefined) {
      this.pos++;
      return given;
    }
    const sign = this.accept("-") ? "-" : "";
    const kind = this.peek();
    const text = `${sign}${this.textOf(this.pos++)}`;
    const literal = numberLiteral(kind, text, this.options.exponentLiteralAsDecimal === true);
    if ("condition" in literal) {
      if (kind === "integer" || kind === "decimal") this.deferError(plainError(literal));
      else this.defer(first, this.pos - 1, literal.condition, literal.parameters);
      return { kind: "Literal", dataType: INTEGER, value: 0 };
    }
    return { kind: "Literal", ...literal, origin: this.originFrom(first) };
  }

  protected typedOperand(): Literal {
    const first = this.pos;
    const typeName = this.textOf(first).toUpperCase();
    this.pos++;
    const text = this.singleStringLiteral();
    const literal = typedLiteral(typeName, text, this.options, this.textBetween(first, this.pos - 1));
    if ("condition" in literal) {
      if (literal.condition === "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION")
        this.deferError(plainError(literal));
      this.defer(first, this.pos - 1, literal.condition, literal.parameters);
      return { kind: "Literal", dataType: NULL, value: null };
    }
    return { kind: "Literal", ...literal, origin: this.originFrom(first) };
  }

  protected intervalOperand(): Expression {
    const first = this.pos;
    this.pos++;
    const reader = new IntervalReader(this.options);
    while (this.#intervalPart(reader));
    const result = reader.finish(this.textBetween(first, this.pos - 1));
    if ("condition" in result) {
      if (result.plain === true) this.deferError(plainError(result));
      else
        this.defer(
          result.body === true ? first + 1 : first,
          this.pos - 1,
          result.condition,
          result.parameters,
        );
      return { kind: "Literal", dataType: NULL, value: null };
    }
    return { kind: "Literal", ...result, origin: this.originFrom(first) };
  }

  /** One value and its unit, or two units with TO between. */
  #intervalPart(reader: IntervalReader): boolean {
    if (!reader.startsAt(this.kinds, this.pos)) return false;
    const sign = this.at("-") ? "-" : "";
    if (this.at("-") || this.at("+")) this.pos++;
    const isString = this.atString();
    const given = isString ? undefined : this.parameterAt(this.pos);
    const value = isString ? this.stringLiteral() : this.textOf(this.pos++);
    const shown = given?.kind === "Literal" ? String(given.value) : value;
    const unit = this.textOf(this.pos++);
    if (reader.isUnitRange(this.kinds, this.pos)) {
      this.pos++;
      reader.range(sign, shown, isString, unit, this.textOf(this.pos++));
    } else {
      reader.unit(sign, shown, isString, unit);
    }
    return true;
  }

  protected positionalMarker(): Expression {
    const first = this.pos++;
    const position = this.markerPositions.get(first) ?? this.#positionalMarkers++;
    const given = this.options.positionalParameters?.[position];
    return given ?? { kind: "ParameterMarker", position, origin: this.originFrom(first) };
  }

  protected namedMarker(): Expression {
    const first = this.pos++;
    const name = this.identifier();
    const given = this.options.namedParameters?.[name];
    return given ?? { kind: "ParameterMarker", name, origin: this.originFrom(first) };
  }
}

function plainError(problem: TextProblem): PySparkException {
  const errorClass = /^(INTERVAL_ARITHMETIC|DECIMAL_PRECISION)/.test(problem.condition)
    ? "ArithmeticException"
    : "IllegalArgumentException";
  return sparkError(errorClass, { condition: problem.condition, messageParameters: problem.parameters });
}
