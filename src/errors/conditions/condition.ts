/** One of Spark's error conditions. A name with a dot is a sub-condition: its text follows its parent's, its SQLSTATE is the parent's. */
export interface Condition {
  /** Text with `<parameter>` places. */
  readonly message: string;
  readonly sqlState?: string;
}

export type ConditionTable = Readonly<Record<string, Condition>>;
