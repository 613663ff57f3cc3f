import type { Origin } from "../plan/origin.ts";

let capture: (() => string | undefined) | undefined;

/**
 * Says where in the program the expressions come from that are made from now on: the function is asked for the place (a
 * line of the user's code) each time one is made, and errors about the expression name it, as Spark's do. Without a
 * function nothing is noted.
 *
 * @example
 * ```ts
 * import { setCallSiteCapture } from "lakelet";
 * setCallSiteCapture(() => new Error().stack?.split("\n")[4]?.trim());
 * ```
 */
export function setCallSiteCapture(ask: (() => string | undefined) | undefined): void {
  capture = ask;
}

/** The origin of an expression that is made now by a method or function of that name; nothing when none is noted. */
export function originOf(fragment: string): { readonly origin?: Origin } {
  const callSite = capture?.();
  return callSite === undefined ? {} : { origin: { kind: "program", fragment, callSite } };
}
