import type { TableWrite, WriteColumn, WriteRequest, WriteResult } from "./warehouse-api.ts";

/** Mode `ignore` on a table that exists. */
export class SkippedWrite implements TableWrite {
  readonly skipped = true;
  readonly directory = "";
  readonly fileStem = "";
  readonly format = "parquet";
  readonly schema: TableWrite["schema"];
  readonly columns: readonly WriteColumn[];
  readonly constraints = [];
  readonly partitionBy = [];
  readonly physicalNames = undefined;
  readonly statisticsColumns = 0;

  constructor(request: WriteRequest) {
    this.schema = request.schema;
    this.columns = request.schema.fields.map((_, source) => ({ source }));
  }

  async commit(): Promise<WriteResult> {
    return { version: undefined, skipped: true, rowCount: 0 };
  }

  async abort(): Promise<void> {}
}
