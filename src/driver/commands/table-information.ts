import { CATALOG_NAME } from "../../catalog/catalog-entry.ts";
import type { ResolvedTable } from "../../catalog/warehouse-api.ts";
import type { SchemaBinding } from "../../plan/statement.ts";
import type { StructType } from "../../types/data-type.ts";
import { type CommandEnv, quoteName, quoteParts, temporaryView } from "./command-env.ts";

/** One line of what DESCRIBE EXTENDED tells of a table; `json` where AS JSON has another form than the text. */
export interface Information {
  readonly name: string;
  readonly value: string;
  readonly json?: unknown;
}

const CREATED_BY = "Lakelet";

export const SCHEMA_MODES: Readonly<Record<SchemaBinding, string>> = {
  binding: "BINDING",
  compensation: "COMPENSATION",
  evolution: "EVOLUTION",
  typeEvolution: "TYPE EVOLUTION",
};

export async function tableInformation(
  table: ResolvedTable,
  env: CommandEnv,
): Promise<readonly Information[]> {
  const { entry } = table;
  const details = await table.describe();
  const { view, statistics } = entry;
  const properties = Object.entries(shownProperties(entry.clusterBy, details.properties));
  const options = redacted(entry.options);
  const comment = details.comment;
  return lines([
    ["Catalog", CATALOG_NAME],
    ["Database", entry.database],
    ["Table", entry.table],
    ["Created Time", javaDate(details.createdMs, env), isoSeconds(details.createdMs)],
    ["Last Access", "UNKNOWN"],
    ["Created By", CREATED_BY],
    ["Type", entry.tableType],
    ["Provider", entry.provider],
    ["Num Buckets", entry.bucketBy && `${entry.bucketBy.numBuckets}`],
    ["Bucket Columns", entry.bucketBy && `[${entry.bucketBy.bucketColumnNames.map(quoteName).join(", ")}]`],
    ["Sort Columns", entry.bucketBy && `[${entry.bucketBy.sortColumnNames.map(quoteName).join(", ")}]`],
    ["Comment", comment],
    ["Collation", entry.collation],
    ...(view === undefined
      ? []
      : viewLines(view.text, view.schemaMode ?? "compensation", view.currentDatabase, [
          ...(view.queryColumnNames ?? (entry.schema?.fields ?? []).map((f) => f.name)),
        ])),
    [
      "Table Properties",
      properties.length === 0 ? undefined : pairs(properties),
      Object.fromEntries(properties),
    ],
    [
      "Statistics",
      statistics === undefined
        ? undefined
        : `${statistics.sizeBytes} bytes${statistics.rowCount === undefined ? "" : `, ${statistics.rowCount} rows`}`,
    ],
    [
      "Location",
      entry.directory === undefined
        ? undefined
        : env.session.driver.userFiles.display(entry.diskPath ?? entry.directory),
    ],
    ["Storage Properties", options.length === 0 ? undefined : pairs(options), Object.fromEntries(options)],
    [
      "Partition Provider",
      entry.provider !== undefined && entry.provider !== "delta" && details.partitionColumns.length > 0
        ? "Catalog"
        : undefined,
    ],
  ]);
}

/** Where Spark keeps how a table is clustered. */
export function shownProperties(
  clusterBy: readonly (readonly string[])[] | undefined,
  properties: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const all =
    clusterBy === undefined ? properties : { ...properties, clusteringColumns: JSON.stringify(clusterBy) };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Values that look like secrets are not shown. */
export function redacted(options: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(options)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => [
      key,
      /secret|password|token|access[.]?key|url/i.test(key) ? "*********(redacted)" : value,
    ]);
}

export function temporaryViewInformation(
  nameParts: readonly string[],
  schema: StructType,
  env: CommandEnv,
): readonly Information[] {
  const view = temporaryView(nameParts, env.session)?.view;
  const isGlobal = nameParts.length > 1;
  return lines([
    ["Database", isGlobal ? nameParts[0] : undefined],
    ["Table", view?.name.toLowerCase()],
    ["Created Time", javaDate(view?.createdMs ?? 0, env), isoSeconds(view?.createdMs ?? 0)],
    ["Last Access", "UNKNOWN"],
    ["Created By", CREATED_BY],
    ["Type", "VIEW"],
    ["Comment", view?.comment],
    ...(view?.text === undefined
      ? []
      : viewLines(
          view.text,
          "binding",
          view.currentDatabase ?? env.session.currentDatabase,
          schema.fields.map((f) => f.name),
        ).filter(([name]) => name !== "View Original Text")),
  ]);
}

type Line = readonly [name: string, value: string | undefined, json?: unknown];

function viewLines(
  viewText: string,
  mode: SchemaBinding,
  database: string,
  columns: readonly string[],
): readonly Line[] {
  return [
    ["View Text", viewText],
    ["View Original Text", viewText],
    ["View Schema Mode", SCHEMA_MODES[mode]],
    ["View Catalog and Namespace", quoteIfPlain([CATALOG_NAME, database])],
    ["View Query Output Columns", `[${columns.map(quoteName).join(", ")}]`, columns],
  ];
}

function quoteIfPlain(parts: readonly string[]): string {
  return parts.every((part) => /^[A-Za-z_]\w*$/.test(part)) ? parts.join(".") : quoteParts(parts);
}

function lines(all: readonly Line[]): readonly Information[] {
  return all.flatMap(([name, value, json]) =>
    value === undefined ? [] : [{ name, value, ...(json === undefined ? {} : { json }) }],
  );
}

function pairs(entries: readonly (readonly [string, string])[]): string {
  return `[${entries.map(([key, value]) => `${key}=${value}`).join(", ")}]`;
}

/** `Sat Nov 21 08:12:03 UTC 2026`, as Java prints a date. */
export function javaDate(ms: number, env: CommandEnv): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-US", {
      timeZone: env.session.conf.timeZone,
      weekday: "short",
      month: "short",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      year: "numeric",
      hourCycle: "h23",
      timeZoneName: "short",
    })
      .formatToParts(new Date(ms))
      .map(({ type, value }) => [type, value]),
  );
  const { weekday, month, day, hour, minute, second, timeZoneName, year } = parts;
  return `${weekday} ${month} ${day} ${hour}:${minute}:${second} ${timeZoneName} ${year}`;
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
