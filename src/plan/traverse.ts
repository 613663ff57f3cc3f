import type { Command } from "./command.ts";
import type { Expression } from "./expression.ts";
import type { Relation } from "./relation.ts";

/** A relation, an expression or a command. Their kinds begin with a capital, those of types and values do not. */
export type PlanNode = Relation | Expression | Command;

type Fields = Readonly<Record<string, unknown>>;

export function isPlanNode(value: unknown): value is PlanNode {
  if (typeof value !== "object" || value === null) return false;
  const { kind } = value as { readonly kind?: unknown };
  return typeof kind === "string" && kind >= "A" && kind < "[";
}

/** Whether a value may hold nodes: plain objects and arrays, but no bytes, and no place in a text. */
function mayHold(key: string, value: unknown): value is object {
  return typeof value === "object" && value !== null && key !== "origin" && !ArrayBuffer.isView(value);
}

/** The nodes right below one, in the order in which they are written down. */
export function childrenOf(node: PlanNode): readonly PlanNode[] {
  const found: PlanNode[] = [];
  const open: unknown[] = [];
  const expand = (holder: object): void => {
    const entries = Object.entries(holder);
    for (let i = entries.length - 1; i >= 0; i--) {
      const [key, value] = entries[i] as [string, unknown];
      if (mayHold(key, value)) open.push(value);
    }
  };
  expand(node);
  while (open.length > 0) {
    const value = open.pop();
    if (isPlanNode(value)) found.push(value);
    else expand(value as object);
  }
  return found;
}

/** The node with each node right below it replaced; itself when none changes. */
export function mapChildren<T extends PlanNode>(node: T, change: (child: PlanNode) => PlanNode): T {
  const rebuild = (value: object): object => {
    if (Array.isArray(value)) {
      let changed = false;
      const items = value.map((item: unknown) => {
        const next = visit("", item);
        if (next !== item) changed = true;
        return next;
      });
      return changed ? items : value;
    }
    let copy: Record<string, unknown> | undefined;
    for (const [key, old] of Object.entries(value)) {
      const next = visit(key, old);
      if (next === old) continue;
      copy ??= { ...(value as Fields) };
      copy[key] = next;
    }
    return copy ?? value;
  };
  const visit = (key: string, value: unknown): unknown => {
    if (!mayHold(key, value)) return value;
    return isPlanNode(value) ? change(value) : rebuild(value);
  };
  return rebuild(node) as T;
}

/** Calls back for every node, a parent before its children. */
export function foreachNode(root: PlanNode, visit: (node: PlanNode) => void): void {
  const open: PlanNode[] = [root];
  const seen = new Set<PlanNode>();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    visit(node);
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) open.push(children[i] as PlanNode);
  }
}

/** Rebuilds a plan from its leaves up; a subtree that stands in several places is rebuilt once. */
export function transformUp<T extends PlanNode>(root: T, change: (node: PlanNode) => PlanNode): T {
  const done = new Map<PlanNode, PlanNode>();
  const open: PlanNode[] = [root];
  for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
    if (done.has(node)) {
      open.pop();
      continue;
    }
    const waiting = childrenOf(node).filter((child) => !done.has(child));
    if (waiting.length > 0) {
      for (let i = waiting.length - 1; i >= 0; i--) open.push(waiting[i] as PlanNode);
      continue;
    }
    open.pop();
    done.set(node, change(mapChildren(node, (child) => done.get(child) as PlanNode)));
  }
  return done.get(root) as T;
}
