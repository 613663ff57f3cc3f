import { textStream } from "./decode-stream.ts";

export interface LineOptions {
  readonly charset: string;
  /** Absent: `\n`, `\r\n` and `\r`. */
  readonly lineSeparator?: string;
}

/** The lines of a file, many at a time. A separator at the end of the file begins no further line. */
export async function* linesOf(
  source: AsyncIterable<Uint8Array>,
  { charset, lineSeparator }: LineOptions,
): AsyncGenerator<string[]> {
  const text = textStream(charset);
  let rest = "";
  for await (const bytes of source) {
    const whole = rest + text.decode(bytes);
    const lines = lineSeparator === undefined ? splitLines(whole) : whole.split(lineSeparator);
    rest = lines.pop() ?? "";
    if (lines.length > 0) yield lines;
  }
  const whole = rest + text.end();
  const lines = lineSeparator === undefined ? whole.split(/\r\n|\n|\r/) : whole.split(lineSeparator);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length > 0) yield lines;
}

/** A carriage return at the very end may be half of a separator: it stays with the rest. */
function splitLines(text: string): string[] {
  if (!text.includes("\r")) return text.split("\n");
  if (!text.endsWith("\r")) return text.split(/\r\n|\n|\r/);
  const lines = text.slice(0, -1).split(/\r\n|\n|\r/);
  lines[lines.length - 1] += "\r";
  return lines;
}

/** The whole text of a file. */
export async function wholeText(source: AsyncIterable<Uint8Array>, charset: string): Promise<string> {
  const text = textStream(charset);
  const parts: string[] = [];
  for await (const bytes of source) parts.push(text.decode(bytes));
  parts.push(text.end());
  return parts.join("");
}

/** Whether a line has more than spaces and control characters. */
export function isBlank(line: string): boolean {
  for (let i = 0; i < line.length; i++) if (line.charCodeAt(i) > 32) return false;
  return true;
}
