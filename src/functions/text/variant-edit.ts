import { SparkRuntimeException } from "../../errors/spark-error.ts";
import { quoteIdentifier } from "../../types/format.ts";
import type { VariantNode } from "../../types/variant-node.ts";
import { memoize } from "../kernel.ts";

/** A name of a field or an index. */
export type PathStep = string | number;

/** The steps of `$.a['b'][0]`; undefined for what is no path. */
export const variantPath = memoize((path: string): readonly PathStep[] | undefined => {
  if (!path.startsWith("$")) return undefined;
  const step = /\.([^.[]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]/y;
  const steps: PathStep[] = [];
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const m = step.exec(path);
    if (m === null) return undefined;
    if (m[4] === undefined) steps.push((m[1] ?? m[2] ?? m[3]) as string);
    else if (Number(m[4]) > 2_147_483_647) return undefined;
    else steps.push(Number(m[4]));
  }
  return steps;
});

/** The value that a path leads to. */
export function at(node: VariantNode, steps: readonly PathStep[]): VariantNode | undefined {
  let found: VariantNode | undefined = node;
  for (const step of steps) {
    if (found === undefined) return undefined;
    if (typeof step === "number") found = found.kind === "array" ? found.items[step] : undefined;
    else found = found.kind === "object" ? found.entries.find(([key]) => key === step)?.[1] : undefined;
  }
  return found;
}

export interface Target {
  readonly name: string;
  readonly path: string;
  readonly steps: readonly PathStep[];
}

export function targetOf(name: string, path: string, allowsRoot = false): Target {
  const steps = variantPath(path);
  if (steps === undefined || (steps.length === 0 && !allowsRoot))
    throw failure("INVALID_VARIANT_PATH", { path, functionName: quoteIdentifier(name) });
  return { name, path, steps };
}

function failure(condition: string, messageParameters: Readonly<Record<string, string>>): Error {
  return new SparkRuntimeException({ condition, messageParameters });
}

function mismatch({ name, path, steps }: Target, depth: number): Error {
  const failedAt = steps
    .slice(0, depth)
    .map((s) => (typeof s === "number" ? `[${s}]` : /^[^.[\]'"]+$/.test(s) ? `.${s}` : `['${s}']`))
    .join("");
  return failure("VARIANT_PATH_TYPE_MISMATCH", {
    path,
    functionName: quoteIdentifier(name),
    failedAt: `$${failedAt}`,
  });
}

const NULL: VariantNode = { kind: "null" };
/** More than a variant of 128 MiB has room for. */
const MAX_ITEMS = 1 << 26;

/** What becomes of the value at the end of a path, or where there is none; undefined leaves all as it is. */
interface Edit {
  readonly target: Target;
  /** Whether what is missing on the way is made. */
  readonly creates: boolean;
  /** An array or object in which the last step is found or not. */
  readonly last: (parent: Extract<VariantNode, { kind: "array" | "object" }>, step: PathStep) => VariantNode;
  /** `ignores`: a value of another kind on the way changes nothing. */
  readonly ignoresMismatch: boolean;
}

function edited(node: VariantNode, edit: Edit, depth = 0): VariantNode {
  const { target, creates, last, ignoresMismatch } = edit;
  const step = target.steps[depth] as PathStep;
  const isArray = typeof step === "number";
  if ((isArray && node.kind !== "array") || (!isArray && node.kind !== "object")) {
    if (ignoresMismatch) return node;
    throw mismatch(target, depth);
  }
  const parent = node as Extract<VariantNode, { kind: "array" | "object" }>;
  if (depth === target.steps.length - 1) return last(parent, step);
  const found = at(parent, [step]);
  if (found === undefined && !creates) return node;
  const empty: VariantNode =
    typeof target.steps[depth + 1] === "number"
      ? { kind: "array", items: [] }
      : { kind: "object", entries: [] };
  return withValue(parent, step, edited(found ?? empty, edit, depth + 1), target);
}

/** An object or array with another value in a place, which is made if it is not there. */
function withValue(
  parent: Extract<VariantNode, { kind: "array" | "object" }>,
  step: PathStep,
  value: VariantNode,
  { name }: Target,
): VariantNode {
  if (parent.kind === "object") {
    const known = parent.entries.some(([key]) => key === step);
    const entries = parent.entries.map(([key, v]) => [key, key === step ? value : v] as const);
    return { kind: "object", entries: known ? entries : [...entries, [step as string, value]] };
  }
  return { kind: "array", items: padded(parent.items, step as number, name).with(step as number, value) };
}

/** At least one longer than the index, filled with nulls. */
function padded(items: readonly VariantNode[], index: number, name: string): VariantNode[] {
  if (index > MAX_ITEMS)
    throw failure("VARIANT_SIZE_LIMIT", { sizeLimit: "128.0 MiB", functionName: quoteIdentifier(name) });
  const out = [...items];
  while (out.length <= index) out.push(NULL);
  return out;
}

export function variantSet(
  node: VariantNode,
  target: Target,
  value: VariantNode,
  creates: boolean,
): VariantNode {
  return edited(node, {
    target,
    creates,
    ignoresMismatch: false,
    last: (parent, step) =>
      !creates && at(parent, [step]) === undefined ? parent : withValue(parent, step, value, target),
  });
}

export function variantInsert(node: VariantNode, target: Target, value: VariantNode): VariantNode {
  return edited(node, {
    target,
    creates: true,
    ignoresMismatch: false,
    last: (parent, step) => {
      if (parent.kind === "object") {
        if (at(parent, [step]) !== undefined) throw failure("VARIANT_DUPLICATE_KEY", { key: step as string });
        return withValue(parent, step, value, target);
      }
      const index = step as number;
      if (index >= parent.items.length) return withValue(parent, step, value, target);
      return { kind: "array", items: parent.items.toSpliced(index, 0, value) };
    },
  });
}

export function variantDelete(node: VariantNode, target: Target): VariantNode {
  return edited(node, {
    target,
    creates: false,
    ignoresMismatch: true,
    last: (parent, step) =>
      parent.kind === "object"
        ? { kind: "object", entries: parent.entries.filter(([key]) => key !== step) }
        : { kind: "array", items: parent.items.filter((_, i) => i !== step) },
  });
}

export function variantAppend(node: VariantNode, target: Target, value: VariantNode): VariantNode {
  const append = (list: VariantNode): VariantNode => {
    if (list.kind !== "array") throw mismatch(target, target.steps.length);
    return { kind: "array", items: [...list.items, value] };
  };
  if (target.steps.length === 0) return append(node);
  return edited(node, {
    target,
    creates: false,
    ignoresMismatch: false,
    last: (parent, step) => {
      const found = at(parent, [step]);
      return found === undefined ? parent : withValue(parent, step, append(found), target);
    },
  });
}

export function withoutNulls(node: VariantNode, inArrays: boolean): VariantNode {
  if (node.kind === "array") {
    const items = inArrays ? node.items.filter((v) => v.kind !== "null") : node.items;
    return { kind: "array", items: items.map((v) => withoutNulls(v, inArrays)) };
  }
  if (node.kind !== "object") return node;
  const entries = node.entries.filter(([, v]) => v.kind !== "null");
  return { kind: "object", entries: entries.map(([k, v]) => [k, withoutNulls(v, inArrays)] as const) };
}
