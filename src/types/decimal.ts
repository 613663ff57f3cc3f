export type DecimalRounding = "half_up" | "half_even" | "down" | "ceiling" | "floor" | "unnecessary";

const TEXT = /^([+-])?(\d+(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,5}))?$/;

/** Powers of ten up to 10^76, which covers the product of two decimals of 38 digits. */
const POWERS: bigint[] = [];

/** 10^n as a bigint. */
export function powerOfTen(n: number): bigint {
  for (let i = POWERS.length; i <= n && i < 128; i++)
    POWERS.push(i === 0 ? 1n : (POWERS[i - 1] as bigint) * 10n);
  return POWERS[n] ?? 10n ** BigInt(n);
}

/**
 * An exact decimal number: `unscaled` times ten to the power of minus `scale`. Prints plain, without exponent and with
 * all digits of its scale, as Spark does.
 */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale = 0) {
    if (!Number.isInteger(scale))
      throw new RangeError(`the scale of a decimal is a whole number, not ${scale}`);
    this.unscaled = scale < 0 ? unscaled * powerOfTen(-scale) : unscaled;
    this.scale = Math.max(scale, 0);
  }

  /** Reads `12`, `-1.50`, `.5`, `1e-3`. The scale is that of the text. */
  static fromString(text: string): Decimal {
    const value = Decimal.tryFromString(text);
    if (value === undefined) throw new RangeError(`not a decimal number: ${JSON.stringify(text)}`);
    return value;
  }

  static tryFromString(text: string): Decimal | undefined {
    const match = TEXT.exec(text.trim());
    if (match === null) return undefined;
    const fraction = match[3] ?? match[4] ?? "";
    const whole = match[4] === undefined ? (match[2] as string).split(".")[0] : "";
    const digits = BigInt(`${whole}${fraction}`);
    return new Decimal(match[1] === "-" ? -digits : digits, fraction.length - Number(match[5] ?? 0));
  }

  /** The shortest decimal that stands for the same double; a bigint as it is. */
  static of(value: number | bigint | string | Decimal): Decimal {
    if (value instanceof Decimal) return value;
    if (typeof value === "bigint") return new Decimal(value);
    if (typeof value === "number" && !Number.isFinite(value))
      throw new RangeError(`${value} is not a decimal number`);
    return Decimal.fromString(String(value));
  }

  /** Number of digits, without the sign; 1 for zero. At least the scale's digits are counted when below one. */
  get precision(): number {
    const digits = this.unscaled < 0n ? -this.unscaled : this.unscaled;
    return digits.toString().length;
  }

  compare(other: Decimal): -1 | 0 | 1 {
    const scale = Math.max(this.scale, other.scale);
    const a = this.unscaled * powerOfTen(scale - this.scale);
    const b = other.unscaled * powerOfTen(scale - other.scale);
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /** Whether both are the same number, whatever their scales. */
  equals(other: unknown): boolean {
    return other instanceof Decimal && this.compare(other) === 0;
  }

  negate(): Decimal {
    return new Decimal(-this.unscaled, this.scale);
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(
      this.unscaled * powerOfTen(scale - this.scale) + other.unscaled * powerOfTen(scale - other.scale),
      scale,
    );
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negate());
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  /** The same number with another scale; digits that do not fit are rounded. */
  setScale(scale: number, rounding: DecimalRounding = "half_up"): Decimal {
    if (scale >= this.scale) return new Decimal(this.unscaled * powerOfTen(scale - this.scale), scale);
    const divisor = powerOfTen(this.scale - scale);
    return new Decimal(divideRounded(this.unscaled, divisor, rounding), scale);
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** The whole part, towards zero. */
  toBigInt(): bigint {
    return this.unscaled / powerOfTen(this.scale);
  }

  toString(): string {
    if (this.scale === 0) return this.unscaled.toString();
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, "0");
    const point = digits.length - this.scale;
    return `${negative ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  /**
   * Arithmetic and comparison operators see a double, as long as no digit is lost by that; more digits are an error
   * rather than a rounded answer.
   */
  [Symbol.toPrimitive](hint: "string" | "number" | "default"): string | number {
    if (hint !== "number") return this.toString();
    if (this.precision > 15) {
      throw new RangeError(
        `${this.toString()} has more digits than a JavaScript number can hold: use compare(), or toNumber() to round it`,
      );
    }
    return this.toNumber();
  }
}

/** Integer division with rounding; the divisor is positive. */
export function divideRounded(value: bigint, divisor: bigint, rounding: DecimalRounding): bigint {
  const quotient = value / divisor;
  const remainder = value % divisor;
  if (remainder === 0n) return quotient;
  const away = quotient + (value < 0n ? -1n : 1n);
  switch (rounding) {
    case "down":
      return quotient;
    case "ceiling":
      return value < 0n ? quotient : away;
    case "floor":
      return value < 0n ? away : quotient;
    case "unnecessary":
      throw new RangeError("rounding would be needed");
    default: {
      const twice = (remainder < 0n ? -remainder : remainder) * 2n;
      if (twice !== divisor) return twice > divisor ? away : quotient;
      return rounding === "half_up" || quotient % 2n !== 0n ? away : quotient;
    }
  }
}
