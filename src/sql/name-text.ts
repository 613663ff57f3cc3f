/** Parts as one text, with backquotes where a part needs them. */
export function unparsed(parts: readonly string[]): string {
  if (parts.length === 1)
    return /^\w+$/.test(parts[0] as string) ? (parts[0] as string) : quote(parts[0] as string);
  return parts.map((part) => (/^\w+$/.test(part) ? part : quote(part))).join(".");
}

function quote(part: string): string {
  return `\`${part.replaceAll("`", "``")}\``;
}
