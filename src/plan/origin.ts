/** A SQL text that nodes refer to. One object per parsed text; nodes share it. */
export interface SqlSource {
  readonly text: string;
  /** `VIEW` and its name when the text is a view's body; absent for what the user submitted. */
  readonly objectType?: string;
  readonly objectName?: string;
}

/** Where a node comes from: a range of a SQL text (0-based, `stop` inclusive), or a line of the user's program. */
export type Origin =
  | { readonly kind: "sql"; readonly source: SqlSource; readonly start: number; readonly stop: number }
  | { readonly kind: "program"; readonly fragment: string; readonly callSite: string };
