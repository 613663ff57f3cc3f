/** A double as Java prints it: `1.0`, `1.0E10`, `1.0E-4`, `NaN`, `-Infinity`. */
export function doubleText(value: number): string {
  return javaText(value, (v) => v.toExponential());
}

/** A float (given as the double of the same value) as Java prints it: the fewest digits that tell it from its neighbours. */
export function floatText(value: number): string {
  return javaText(value, shortestFloat);
}

function javaText(value: number, exponential: (v: number) => string): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const shortest = exponential(Math.abs(value));
  // Java prints two digits at least, the nearest two if there is a choice.
  const twoDigits = Math.abs(value).toExponential(1).replace(".0e", "e");
  const [mantissa, exponentText] = (
    !shortest.includes(".") && Number(twoDigits) === Math.abs(value) ? twoDigits : shortest
  ).split("e") as [string, string];
  const exponent = Number(exponentText);
  const digits = mantissa.replace(".", "");
  const sign = value < 0 ? "-" : "";
  if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || "0"}E${exponent}`;
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const padded = digits.padEnd(exponent + 1, "0");
  return `${sign}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1) || "0"}`;
}

function shortestFloat(value: number): string {
  for (let digits = 0; digits <= 8; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text.replace(/\.?0+e/, "e");
  }
  return value.toExponential();
}

/** A decimal as Java's `BigDecimal.toString`: with an exponent when it begins with more than six zeros. */
export function decimalLiteralText(text: string): string {
  const match = /^(-?)(\d+)\.(\d+)$/.exec(text);
  if (match === null) return text;
  const scale = (match[3] as string).length;
  const digits = `${match[2]}${match[3]}`.replace(/^0+(?=\d)/, "");
  const exponent = digits.length - 1 - scale;
  if (exponent >= -6) return text;
  return `${match[1]}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}E${exponent}`;
}
