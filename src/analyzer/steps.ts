/**
 * A computation that asks for the results of others by yielding them, run without recursion: plans and expressions may
 * be thousands of levels deep.
 *
 *     function* depth(e: Tree): Step<number> {
 *       return e.child === undefined ? 1 : 1 + ((yield depth(e.child)) as number);
 *     }
 */
export type Step<T> = Generator<Step<unknown>, T, unknown>;

/** Runs a computation to its end. Exceptions travel up through those that wait, as calls would have it. */
export function runSteps<T>(root: Step<T>): T {
  const stack: Step<unknown>[] = [root];
  let input: unknown;
  let failure: { readonly error: unknown } | undefined;
  for (;;) {
    const top = stack[stack.length - 1] as Step<unknown>;
    try {
      const result = failure === undefined ? top.next(input) : top.throw(takeFailure());
      if (result.done === true) {
        stack.pop();
        if (stack.length === 0) return result.value as T;
        input = result.value;
      } else {
        stack.push(result.value);
        input = undefined;
      }
    } catch (error) {
      stack.pop();
      if (stack.length === 0) throw error;
      failure = { error };
    }
  }

  function takeFailure(): unknown {
    const error = failure?.error;
    failure = undefined;
    return error;
  }
}
