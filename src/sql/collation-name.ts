/** Language codes that ICU has collations for; with a region or script they are names too. */
const UTF8 = /^UTF8_(BINARY|LCASE)(_RTRIM)?$/i;
const ICU = /^(UNICODE|[a-z]{2,3}(?:_[A-Z][a-z]{3})?(?:_[A-Z]{3})?)((?:_(?:CI|CS|AI|AS|RTRIM))*)$/i;

/** The name of a collation as Spark writes it, or what Spark would propose instead of an unknown one. */
export function collationName(name: string): string | { readonly proposals: string } {
  if (UTF8.test(name)) return name.toUpperCase();
  const match = ICU.exec(name);
  if (match === null) return { proposals: "UTF8_BINARY" };
  const locale = match[1] as string;
  const base = /^unicode$/i.test(locale) ? "UNICODE" : localeName(locale);
  if (base === undefined) return { proposals: "UTF8_BINARY" };
  const modifiers = new Set((match[2] as string).toUpperCase().split("_"));
  const parts = [base];
  for (const modifier of ["CI", "AI", "RTRIM"]) if (modifiers.has(modifier)) parts.push(modifier);
  return parts.join("_");
}

function localeName(locale: string): string | undefined {
  const [language, ...rest] = locale.split("_");
  const script = rest.find((p) => p.length === 4);
  const country = rest.find((p) => p.length === 3);
  const tag = [language?.toLowerCase(), script].filter((p) => p !== undefined).join("-");
  if (Intl.Collator.supportedLocalesOf([tag]).length === 0) return undefined;
  const named = script === undefined ? undefined : script[0]?.toUpperCase() + script.slice(1).toLowerCase();
  return [language?.toLowerCase(), named, country?.toUpperCase()].filter((p) => p !== undefined).join("_");
}
