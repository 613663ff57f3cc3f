import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An example out of a JSDoc comment. */
export interface Example {
  readonly file: string;
  readonly line: number;
  /** The name of what the comment stands before. */
  readonly subject: string;
  /** A program, or a single expression with what it gives. */
  readonly code: string;
  /** What a single expression gives, as `show()` prints it. */
  readonly result?: string;
}

/** The examples of all modules below a folder. */
export function examplesBelow(folder: string): readonly Example[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((file) => examplesOf(file, readFileSync(file, "utf8")));
}

function examplesOf(file: string, text: string): readonly Example[] {
  return [...text.matchAll(/\/\*\*([\s\S]*?)\*\/\s*([^\n]*)/g)].flatMap(([whole, comment, next], _, all) => {
    const [, example] = (comment as string).split("@example");
    if (example === undefined) return [];
    const at = all.find(([w]) => w === whole)?.index ?? 0;
    const code = example
      .split("\n")
      .map((line) => line.replace(/^\s*\* ?/, ""))
      .filter((line) => !line.startsWith("```"))
      .join("\n")
      .trim();
    const subject =
      /(?:function|class|get|const|static|async)?\s*\*?([\w$]+)\s*[(<:={ ]/.exec(
        (next as string).replace(/^(?:export |abstract |async |static |get |function |class |const )+/, ""),
      )?.[1] ?? "";
    const result = code.includes("\n") ? undefined : /; \/\/ (.*)$/.exec(code)?.[1];
    return [
      {
        file,
        line: text.slice(0, at).split("\n").length,
        subject,
        code,
        ...(result === undefined ? {} : { result }),
      },
    ];
  });
}
