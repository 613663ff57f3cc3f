import { analysisError } from "../errors/spark-error.ts";
import type { Relation } from "../plan/relation.ts";

/** A temporary view: a plan under a name. */
export interface TempView {
  /** As the user spelled it. */
  readonly name: string;
  readonly plan: Relation;
  /** The query's text; a view of a DataFrame has none. */
  readonly text?: string;
  readonly comment?: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly currentDatabase?: string;
  readonly createdMs?: number;
}

/** Temporary views by name, without case. One registry a session, one (global) for all sessions of a driver. */
export class TempViews {
  readonly #views = new Map<string, TempView>();

  clone(): TempViews {
    const copy = new TempViews();
    for (const [key, view] of this.#views) copy.#views.set(key, view);
    return copy;
  }

  find(name: string): TempView | undefined {
    return this.#views.get(name.toLowerCase());
  }

  create(view: TempView, options: { readonly replace: boolean; readonly shownName?: string }): void {
    const key = view.name.toLowerCase();
    if (!options.replace && this.#views.has(key)) {
      throw analysisError("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {
        relationName: options.shownName ?? `\`${view.name}\``,
      });
    }
    this.#views.set(key, view);
  }

  /** Whether there was one. */
  drop(name: string): boolean {
    return this.#views.delete(name.toLowerCase());
  }

  list(): readonly TempView[] {
    return [...this.#views.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  }

  get size(): number {
    return this.#views.size;
  }
}
