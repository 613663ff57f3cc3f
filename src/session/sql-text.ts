/** Words that a plain query begins with. A text that begins with another word may change something. */
const QUERY = /^(?:select|values|table|from)\b/i;
const NOISE = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()/;

/** Whether a SQL text can only be a query, so that it need not run before an action does. */
export function isPlainQuery(text: string): boolean {
  let rest = text;
  for (let noise = NOISE.exec(rest); noise !== null; noise = NOISE.exec(rest))
    rest = rest.slice(noise[0].length);
  // `FROM t INSERT INTO ...` is a command.
  return QUERY.test(rest) && !(/^from\b/i.test(rest) && /\binsert\b/i.test(rest));
}
