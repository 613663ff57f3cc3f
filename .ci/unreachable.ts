import { type AnyNode, type Node, parse } from "acorn";

/**
 * Removes from the body of the largest function in a script the declarations that nothing reaches. Minifiers count
 * references and so keep what only refers to itself, as the objects of Emscripten's libraries do. Only what
 * does nothing when it is declared is removed: functions, other names, literals, and objects of these.
 */
export function withoutUnreachable(script: string): string {
  const body = largestBody(parse(script, { ecmaVersion: 2022 }));
  const parts = body.flatMap(partsOf);
  const byName = new Map(
    parts.flatMap((part) => (part.name === undefined ? [] : [[part.name, part] as const])),
  );
  const reached = new Set<Part>();
  const open = parts.filter(({ name }) => name === undefined);
  while (open.length > 0) {
    const part = open.pop() as Part;
    if (reached.has(part)) continue;
    reached.add(part);
    for (const name of namesIn(part.node)) {
      const other = byName.get(name);
      if (other !== undefined && !reached.has(other)) open.push(other);
    }
  }
  let result = "";
  let from = 0;
  for (const part of parts) {
    if (reached.has(part)) continue;
    result += script.slice(from, part.node.start) + part.instead;
    from = part.node.end;
  }
  return result + script.slice(from);
}

interface Part {
  readonly node: Node;
  /** Only what can be removed has one. */
  readonly name?: string;
  /** What stands in its place. */
  readonly instead: string;
}

function partsOf(statement: AnyNode): Part[] {
  if (statement.type === "FunctionDeclaration") {
    return [{ node: statement, name: statement.id?.name ?? "", instead: "" }];
  }
  if (statement.type !== "VariableDeclaration") return [{ node: statement, instead: "" }];
  return statement.declarations.map((declaration) => {
    const { id, init } = declaration;
    return id.type === "Identifier" && init && isInert(init)
      ? { node: declaration, name: id.name, instead: id.name }
      : { node: declaration, instead: "" };
  });
}

function isInert(node: AnyNode): boolean {
  switch (node.type) {
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "Literal":
    case "Identifier":
      return true;
    case "UnaryExpression":
      return node.operator !== "delete" && isInert(node.argument);
    case "ArrayExpression":
      return node.elements.every((element) => element !== null && isInert(element));
    case "ObjectExpression":
      return node.properties.every((p) => p.type === "Property" && !p.computed && isInert(p.value));
    default:
      return false;
  }
}

/** The names of variables in a piece of program: too many rather than too few. */
function namesIn(root: Node): Set<string> {
  const names = new Set<string>();
  const open: AnyNode[] = [root as AnyNode];
  while (open.length > 0) {
    const node = open.pop() as AnyNode;
    if (node.type === "Identifier") names.add(node.name);
    for (const [key, child] of Object.entries(node)) {
      // `a.b` and `{ b: ... }` say nothing of a variable `b`.
      if (node.type === "MemberExpression" && key === "property" && !node.computed) continue;
      if (node.type === "Property" && key === "key" && !node.computed && !node.shorthand) continue;
      for (const part of Array.isArray(child) ? child : [child]) if (isNode(part)) open.push(part);
    }
  }
  return names;
}

function largestBody(root: Node): readonly AnyNode[] {
  let largest: readonly AnyNode[] = [];
  const open: AnyNode[] = [root as AnyNode];
  while (open.length > 0) {
    const node = open.pop() as AnyNode;
    if ("body" in node && isNode(node.body) && node.body.type === "BlockStatement") {
      if (node.body.body.length > largest.length) largest = node.body.body;
    }
    for (const child of Object.values(node)) {
      for (const part of Array.isArray(child) ? child : [child]) if (isNode(part)) open.push(part);
    }
  }
  return largest;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"
  );
}
