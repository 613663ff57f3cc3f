/**
 * A copy of plain data in which some objects stand for others. Parts without any of them are not copied. Iterative, since
 * plans can be thousands of nodes deep; an object that several nodes share is visited once.
 */
export function substitute<T extends object>(root: T, replacements: ReadonlyMap<object, object>): T {
  const done = new Map<object, object>(replacements);
  const stack: object[] = [root];
  while (stack.length > 0) {
    const top = stack.at(-1) as object;
    if (done.has(top)) {
      stack.pop();
      continue;
    }
    const open = childObjects(top).filter((child) => !done.has(child));
    if (open.length > 0) {
      stack.push(...open);
    } else {
      stack.pop();
      done.set(top, rebuilt(top, done));
    }
  }
  return done.get(root) as T;
}

function childObjects(node: object): readonly object[] {
  if (!isContainer(node)) return [];
  const children: object[] = [];
  for (const child of Object.values(node))
    if (typeof child === "object" && child !== null) children.push(child);
  return children;
}

function rebuilt(node: object, done: ReadonlyMap<object, object>): object {
  const replace = (child: unknown): unknown =>
    typeof child === "object" && child !== null ? (done.get(child) ?? child) : child;
  if (!isContainer(node)) return node;
  if (childObjects(node).every((child) => done.get(child) === child)) return node;
  if (Array.isArray(node)) return node.map(replace);
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, replace(child)]));
}

function isContainer(node: object): boolean {
  if (Array.isArray(node)) return true;
  const prototype = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}
