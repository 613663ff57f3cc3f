import { type Node, type Pattern, type Program, parse } from "acorn";

/** A program made ready to run in a scope that outlives it. */
export interface ReplCode {
  /** Body of a function whose only parameter, `scope`, holds what earlier programs declared. Lines are those of the source. */
  readonly body: string;
  /** Names that the program declares. */
  readonly declared: readonly string[];
  /** `import { a as b } from "lakelet"`: local name to exported name. `*` is the whole module. */
  readonly imported: ReadonlyMap<string, string>;
}

/** The text cannot be run; `line` and `column` count from 1. */
export class ReplSyntaxError extends SyntaxError {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = "SyntaxError";
    this.line = line;
    this.column = column;
  }
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Turns TypeScript or JavaScript into a function body in which top-level declarations are assignments to the scope (so
 * that they survive, and may be declared again), `await` works everywhere, and the last expression is the result:
 * `{ value }`.
 */
export async function replCode(source: string): Promise<ReplCode> {
  const { code, program } = await parseProgram(source);
  const edits: Edit[] = [];
  const declared = new Set<string>();
  const imported = new Map<string, string>();
  for (const statement of program.body) {
    switch (statement.type) {
      case "ImportDeclaration": {
        if (statement.source.value !== "lakelet") {
          throw at(
            code,
            statement.start,
            `only "lakelet" can be imported here, not ${JSON.stringify(statement.source.value)}`,
          );
        }
        for (const specifier of statement.specifiers) {
          if (specifier.type === "ImportDefaultSpecifier") {
            throw at(
              code,
              specifier.start,
              '"lakelet" has no default export: write import { ... } from "lakelet"',
            );
          }
          const name =
            specifier.type === "ImportNamespaceSpecifier"
              ? "*"
              : specifier.imported.type === "Identifier"
                ? specifier.imported.name
                : String(specifier.imported.value);
          imported.set(specifier.local.name, name);
          declared.add(specifier.local.name);
        }
        edits.push(blank(code, statement));
        break;
      }
      case "VariableDeclaration": {
        if (statement.kind !== "var" && statement.kind !== "let" && statement.kind !== "const") {
          throw at(code, statement.start, `"${statement.kind}" is not supported at the top level here`);
        }
        edits.push({ start: statement.start, end: statement.start + statement.kind.length, text: ";(" });
        for (const { id, init, end } of statement.declarations) {
          for (const name of namesOf(id)) declared.add(name);
          if (init === null || init === undefined) edits.push({ start: end, end, text: " = undefined" });
        }
        const last = statement.declarations.at(-1) as Node;
        edits.push({ start: last.end, end: last.end, text: ");" });
        break;
      }
      case "FunctionDeclaration":
        declared.add(statement.id.name);
        break;
      case "ClassDeclaration":
        declared.add(statement.id.name);
        edits.push({ start: statement.start, end: statement.start, text: `;${statement.id.name} = ` });
        edits.push({ start: statement.end, end: statement.end, text: ";" });
        break;
      case "ExportNamedDeclaration":
      case "ExportDefaultDeclaration":
      case "ExportAllDeclaration":
        throw at(code, statement.start, "there is nothing to export to here");
    }
  }
  const last = program.body.at(-1);
  if (last?.type === "ExpressionStatement") {
    const { start, end } = last.expression;
    edits.push({ start, end: start, text: "return { value: (" }, { start: end, end, text: ") }" });
  }
  return { body: wrap(apply(code, edits), functionNames(program)), declared: [...declared], imported };
}

/** Function declarations stay where they are, so that their lines are right, and are known to the scope from the start. */
function functionNames(program: Program): readonly string[] {
  return program.body.flatMap((s) => (s.type === "FunctionDeclaration" ? [s.id.name] : []));
}

/** All on the first line, so that later lines keep their numbers. */
function wrap(code: string, functions: readonly string[]): string {
  const publish = functions.map((name) => `scope.${name} = ${name};`).join("");
  return `with (scope) { return (async () => { "use strict";${publish}${code}\n})(); }`;
}

/** `f<T>(x)` is JavaScript too, but means something else there. */
const MAYBE_TYPE_ARGUMENTS = /[\w$]\s*<[\s\S]*(?<!=)>\s*[(`]/;

/** Most programs are JavaScript as they stand; the others need a parser that is loaded only then. */
async function parseProgram(source: string): Promise<{ readonly code: string; readonly program: Program }> {
  if (!MAYBE_TYPE_ARGUMENTS.test(source)) {
    try {
      return { code: source, program: parseScript(source) };
    } catch {
      // Types, or a mistake, of which the other parser may say more.
    }
  }
  const code = await withoutTypes(source);
  try {
    return { code, program: parseScript(code) };
  } catch (error) {
    const place = (error as { loc?: { line: number; column: number } }).loc;
    const message = error instanceof Error ? error.message.replace(/\s*\(\d+:\d+\)$/, "") : String(error);
    throw new ReplSyntaxError(message, place?.line ?? 1, (place?.column ?? 0) + 1);
  }
}

function parseScript(code: string): Program {
  return parse(code, { ecmaVersion: "latest", sourceType: "module", allowAwaitOutsideFunction: true });
}

async function withoutTypes(source: string): Promise<string> {
  const { transform } = await import("sucrase");
  try {
    return transform(source, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true,
    }).code;
  } catch (error) {
    const place = (error as { loc?: { line: number; column: number } }).loc;
    const message =
      error instanceof Error
        ? error.message.replace(/^Error transforming[^:]*: /, "").replace(/\s*\(\d+:\d+\)$/, "")
        : String(error);
    throw new ReplSyntaxError(message, place?.line ?? 1, place?.column ?? 1);
  }
}

function at(code: string, offset: number, message: string): ReplSyntaxError {
  const before = code.slice(0, offset).split("\n");
  return new ReplSyntaxError(message, before.length, (before.at(-1) as string).length + 1);
}

/** Replaces a statement by the line ends in it. */
function blank(code: string, node: Node): Edit {
  return { start: node.start, end: node.end, text: code.slice(node.start, node.end).replace(/[^\n]/g, "") };
}

function apply(code: string, edits: readonly Edit[]): string {
  let out = "";
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    out += code.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return out + code.slice(from);
}

function namesOf(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((p) => namesOf(p.type === "RestElement" ? p.argument : p.value));
    case "ArrayPattern":
      return pattern.elements.flatMap((e) => (e === null ? [] : namesOf(e)));
    case "RestElement":
      return namesOf(pattern.argument);
    case "AssignmentPattern":
      return namesOf(pattern.left);
    default:
      return [];
  }
}
