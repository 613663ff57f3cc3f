import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { examplesBelow } from "./test-support/examples.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXAMPLES = examplesBelow(fileURLToPath(new URL(".", import.meta.url)));

const cache = join(ROOT, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What examples may use without saying where it is from. */
const PRELUDE = `import { F, Window, type DataFrame, type SparkSession } from "lakelet";
declare const df: DataFrame;
declare const spark: SparkSession;
`;

/** Each example as a function of its own, its imports before it; where it comes from stands behind. */
function programOf(code: string): string {
  const imports = [...code.matchAll(/^import [^;]*;$/gm)].map(([line]) => line);
  const own = new Set(imports.flatMap((line) => [...line.matchAll(/[\w$]+/g)].map(([word]) => word)));
  const prelude = PRELUDE.split("\n")
    .filter(
      (line) =>
        !(line.startsWith("declare const") && code.includes(`const ${line.split(" ")[2]?.slice(0, -1)} =`)),
    )
    .map((line) => (line.startsWith("import") ? importWithout(line, own) : line))
    .join("\n");
  const body = code.replace(/^import [^;]*;$/gm, "").trim();
  return `${prelude}\n${imports.join("\n")}\nexport async function example() {\n${body}\n}\n`;
}

function importWithout(line: string, own: ReadonlySet<string>): string {
  const names = (/\{(.*)\}/.exec(line)?.[1] ?? "").split(",").map((name) => name.trim());
  const kept = names.filter((name) => !own.has(name.replace("type ", "")) && !(name === "F" && own.has("F")));
  return kept.length === 0 ? "" : `import { ${kept.join(", ")} } from "lakelet";`;
}

test("there are plenty of examples, one for each function that works", () => {
  expect(EXAMPLES.length).toBeGreaterThan(560);
});

test("every example compiles", { timeout: 120_000 }, () => {
  for (const [i, example] of EXAMPLES.entries()) {
    writeFileSync(join(folder, `example-${i}.ts`), programOf(example.code));
  }
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: {
        typeRoots: [join(ROOT, "node_modules", "@types")],
        types: ["node"],
        noUnusedLocals: false,
        paths: { lakelet: [join(ROOT, "src", "session", "public.ts")] },
      },
      include: ["*.ts"],
      exclude: [],
    }),
  );
  let output = "";
  try {
    execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder], {
      encoding: "utf8",
      cwd: folder,
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const wrong = output.split("\n").flatMap((line) => {
    const match = /example-(\d+)\.ts\((\d+),\d+\): (.*)/.exec(line);
    const example = match === null ? undefined : EXAMPLES[Number(match[1])];
    return example === undefined
      ? []
      : [`${relative(ROOT, example.file)}:${example.line} ${example.subject}: ${match?.[3]}`];
  });
  expect(wrong).toEqual([]);
});
