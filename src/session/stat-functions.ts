import type { ColumnOrName } from "./column.ts";
import type { DataFrame } from "./data-frame.ts";

/** Statistics: `df.stat`. */
export class DataFrameStatFunctions {
  readonly #df: DataFrame;

  /** @internal */
  constructor(df: DataFrame) {
    this.#df = df;
  }

  /** `DataFrame.approxQuantile`. */
  approxQuantile(col: string, probabilities: readonly number[], relativeError: number): Promise<number[]>;
  approxQuantile(
    col: readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]>;
  approxQuantile(
    col: string | readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[] | number[][]> {
    return this.#df.approxQuantile(col as string, probabilities, relativeError);
  }

  /** `DataFrame.corr`. */
  corr(col1: string, col2: string, method?: string): Promise<number> {
    return this.#df.corr(col1, col2, method);
  }

  /** `DataFrame.cov`. */
  cov(col1: string, col2: string): Promise<number> {
    return this.#df.cov(col1, col2);
  }

  /** `DataFrame.crosstab`. */
  crosstab(col1: string, col2: string): DataFrame {
    return this.#df.crosstab(col1, col2);
  }

  /** `DataFrame.freqItems`. */
  freqItems(cols: readonly string[], support?: number): DataFrame {
    return this.#df.freqItems(cols, support);
  }

  /** `DataFrame.sampleBy`. */
  sampleBy(
    col: ColumnOrName,
    fractions: Readonly<Record<string, number>> | ReadonlyMap<string | number | boolean, number>,
    seed?: number,
  ): DataFrame {
    return this.#df.sampleBy(col, fractions, seed);
  }
}
