import type { DataFrame } from "./data-frame.ts";
import type { DropOptions, FillValue, ReplaceValue } from "./na-relations.ts";

/** What deals with missing values: `df.na`. */
export class DataFrameNaFunctions {
  readonly #df: DataFrame;

  /** @internal */
  constructor(df: DataFrame) {
    this.#df = df;
  }

  /** `DataFrame.dropna`. */
  drop(how?: "any" | "all", thresh?: number, subset?: string | readonly string[]): DataFrame;
  drop(options: DropOptions): DataFrame;
  drop(how?: "any" | "all" | DropOptions, thresh?: number, subset?: string | readonly string[]): DataFrame {
    return typeof how === "object" ? this.#df.dropna(how) : this.#df.dropna(how, thresh, subset);
  }

  /** `DataFrame.fillna`. */
  fill(
    value: FillValue | Readonly<Record<string, FillValue>>,
    subset?: string | readonly string[],
  ): DataFrame {
    return this.#df.fillna(value, subset);
  }

  /** `DataFrame.replace`. */
  replace(...args: Parameters<DataFrame["replace"]>): DataFrame {
    return this.#df.replace(...args);
  }
}

export type { DropOptions, FillValue, ReplaceValue };
