import type { Node } from "acorn";

type AnyNode = Node & Record<string, unknown>;

interface Scope {
  readonly parent: Scope | undefined;
  readonly isFunction: boolean;
  readonly names: Set<string>;
}

/**
 * The names that a function uses and does not declare, in order of first use. Names are looked up as the language does:
 * `var` and functions belong to the function, `let`, `const` and classes to the block.
 */
export function freeVariables(program: Node): string[] {
  const free = new Set<string>();
  const uses: { readonly name: string; readonly scope: Scope; readonly at: number }[] = [];
  const top: Scope = { parent: undefined, isFunction: true, names: new Set() };
  const pending: { readonly node: AnyNode; readonly scope: Scope }[] = [
    { node: program as AnyNode, scope: top },
  ];
  const visit = (node: unknown, scope: Scope): void => {
    if (isNode(node)) pending.push({ node, scope });
  };
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, scope } = next;
    switch (node.type) {
      case "Identifier":
        uses.push({ name: node["name"] as string, scope, at: node.start });
        break;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression": {
        const id = node["id"] as AnyNode | null | undefined;
        const inner: Scope = { parent: scope, isFunction: true, names: new Set() };
        if (node.type !== "ArrowFunctionExpression") inner.names.add("arguments");
        if (id) (node.type === "FunctionDeclaration" ? scope : inner).names.add(id["name"] as string);
        for (const parameter of node["params"] as AnyNode[]) pattern(parameter, inner, inner, visit);
        visit(node["body"], inner);
        break;
      }
      case "ClassDeclaration":
      case "ClassExpression": {
        const id = node["id"] as AnyNode | null;
        const inner: Scope = { parent: scope, isFunction: false, names: new Set() };
        if (id) (node.type === "ClassDeclaration" ? scope : inner).names.add(id["name"] as string);
        visit(node["superClass"], inner);
        visit(node["body"], inner);
        break;
      }
      case "VariableDeclaration": {
        const owner = node["kind"] === "var" ? functionScope(scope) : scope;
        for (const declarator of node["declarations"] as AnyNode[]) {
          pattern(declarator["id"] as AnyNode, owner, scope, visit);
          visit(declarator["init"], scope);
        }
        break;
      }
      case "BlockStatement":
      case "StaticBlock":
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "SwitchStatement":
        children(node, { parent: scope, isFunction: node.type === "StaticBlock", names: new Set() }, visit);
        break;
      case "CatchClause": {
        const inner: Scope = { parent: scope, isFunction: false, names: new Set() };
        if (node["param"]) pattern(node["param"] as AnyNode, inner, inner, visit);
        visit(node["body"], inner);
        break;
      }
      case "MemberExpression":
        visit(node["object"], scope);
        if (node["computed"] === true) visit(node["property"], scope);
        break;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node["computed"] === true) visit(node["key"], scope);
        visit(node["value"], scope);
        break;
      case "LabeledStatement":
        visit(node["body"], scope);
        break;
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        break;
      default:
        children(node, scope, visit);
    }
  }
  uses.sort((a, b) => a.at - b.at);
  for (const { name, scope } of uses) if (!isDeclared(name, scope)) free.add(name);
  return [...free];
}

/** Declares the names of a binding pattern in `owner`; default values and computed keys are uses in `scope`. */
function pattern(
  root: AnyNode,
  owner: Scope,
  scope: Scope,
  visit: (node: unknown, scope: Scope) => void,
): void {
  const pending: (AnyNode | null)[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node === null) continue;
    switch (node.type) {
      case "Identifier":
        owner.names.add(node["name"] as string);
        break;
      case "ObjectPattern":
        pending.push(...(node["properties"] as AnyNode[]));
        break;
      case "Property":
        if (node["computed"] === true) visit(node["key"], scope);
        pending.push(node["value"] as AnyNode);
        break;
      case "ArrayPattern":
        pending.push(...(node["elements"] as (AnyNode | null)[]));
        break;
      case "RestElement":
        pending.push(node["argument"] as AnyNode);
        break;
      case "AssignmentPattern":
        pending.push(node["left"] as AnyNode);
        visit(node["right"], scope);
        break;
      default:
        visit(node, scope);
    }
  }
}

function children(node: AnyNode, scope: Scope, visit: (node: unknown, scope: Scope) => void): void {
  for (const key of Object.keys(node)) {
    const value = node[key];
    if (Array.isArray(value)) for (const item of value) visit(item, scope);
    else visit(value, scope);
  }
}

function functionScope(scope: Scope): Scope {
  let found = scope;
  while (!found.isFunction && found.parent !== undefined) found = found.parent;
  return found;
}

function isDeclared(name: string, scope: Scope): boolean {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent)
    if (at.names.has(name)) return true;
  return false;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"
  );
}
