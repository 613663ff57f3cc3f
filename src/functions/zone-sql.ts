import { parseOffset } from "../types/time-zone.ts";
import type { LowerContext } from "./function-entry.ts";
import { sqlText } from "./raise.ts";

/** The offset of a zone whose clocks never change. */
function fixedOffset(zone: string): number | undefined {
  return zone === "Etc/UTC" || zone === "Etc/GMT" || zone === "Zulu" ? 0 : parseOffset(zone);
}

/** SQL of what the zone's clocks show (a TIMESTAMP) at an instant (a TIMESTAMP in UTC). */
export function instantToLocalSql(
  x: string,
  zone: string,
  ctx: Pick<LowerContext, "kernel" | "let">,
): string {
  const fixed = fixedOffset(zone);
  if (fixed === 0) return x;
  if (fixed !== undefined) return `(${x} + to_seconds(${fixed}))`;
  return ctx.let(x, (v) => `(${v} + to_seconds(${ctx.kernel("zone_offset", sqlText(zone), seconds(v))}))`);
}

/** SQL of the instant at which the zone's clocks show that time. */
export function localToInstantSql(
  x: string,
  zone: string,
  ctx: Pick<LowerContext, "kernel" | "let">,
): string {
  const fixed = fixedOffset(zone);
  if (fixed === 0) return x;
  if (fixed !== undefined) return `(${x} - to_seconds(${fixed}))`;
  return ctx.let(
    x,
    (v) => `(${v} - to_seconds(${ctx.kernel("zone_offset_local", sqlText(zone), seconds(v))}))`,
  );
}

/** Whole seconds as a double, exact for all timestamps. */
function seconds(v: string): string {
  return `floor(epoch_us(${v}) / 1000000.0::DOUBLE)`;
}
