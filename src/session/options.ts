/** Options of a reader or writer: text, numbers and booleans by name; null and undefined say nothing. */
export type OptionValue = string | number | bigint | boolean | null | undefined;
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** An option's value as text, as PySpark sends it. */
export function optionText(value: Exclude<OptionValue, null | undefined>): string {
  return String(value);
}

/** The options that say something, as text. */
export function optionTexts(options: OptionValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[key, optionText(value)]],
    ),
  );
}
