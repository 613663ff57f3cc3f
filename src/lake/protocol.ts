import { sparkError } from "../errors/spark-error.ts";
import type { DataType, StructType } from "../types/data-type.ts";
import type { Metadata, Protocol } from "./actions.ts";

/** What a new table starts with: every Delta reader ever made can open it. */
export const INITIAL_PROTOCOL: Protocol = { minReaderVersion: 1, minWriterVersion: 2 };

const FEATURES_READER_VERSION = 3;
const FEATURES_WRITER_VERSION = 7;
/** Shown in messages where Delta shows its release. */
const OUR_VERSION = "Lakelet";

/** Features that change what a reader must do, all of which reading honours. */
const READABLE_FEATURES: ReadonlySet<string> = new Set([
  "columnMapping",
  "deletionVectors",
  "timestampNtz",
  "typeWidening",
  "typeWidening-preview",
  "v2Checkpoint",
  "vacuumProtocolCheck",
]);

/** Features under which a writer of ours still does all that the protocol asks. */
const WRITABLE_FEATURES: ReadonlySet<string> = new Set([
  "allowColumnDefaults",
  "appendOnly",
  "invariants",
  "checkConstraints",
  "changeDataFeed",
  "columnMapping",
  "generatedColumns",
  "identityColumns",
  "deletionVectors",
  "domainMetadata",
  "inCommitTimestamp",
  "timestampNtz",
  "v2Checkpoint",
  "vacuumProtocolCheck",
]);

/** Features that readers have to know too, and so stand in both lists. */
const READER_WRITER_FEATURES: ReadonlySet<string> = new Set([...READABLE_FEATURES, "variantType"]);

/** What writer versions below 7 stand for. */
const LEGACY_WRITER_FEATURES: readonly (readonly [number, readonly string[]])[] = [
  [2, ["appendOnly", "invariants"]],
  [3, ["checkConstraints"]],
  [4, ["changeDataFeed", "generatedColumns"]],
  [5, ["columnMapping"]],
  [6, ["identityColumns"]],
];

/** Throws Delta's error when reading the table takes a feature that reading does not honour. */
export function assertReadable(protocol: Protocol, table: string): void {
  if (protocol.minReaderVersion > FEATURES_READER_VERSION) throw unsupportedVersion(protocol, table);
  if (protocol.minReaderVersion < FEATURES_READER_VERSION) return;
  const unknown = (protocol.readerFeatures ?? []).filter((feature) => !READABLE_FEATURES.has(feature));
  if (unknown.length > 0) throw unsupportedFeatures("DELTA_UNSUPPORTED_FEATURES_FOR_READ", unknown, table);
}

/** Throws Delta's error when writing takes a feature that writing does not honour. */
export function assertWritable(
  protocol: Protocol,
  metadata: Metadata,
  schema: StructType,
  table: string,
): void {
  assertReadable(protocol, table);
  if (protocol.minWriterVersion > FEATURES_WRITER_VERSION) throw unsupportedVersion(protocol, table);
  const listed = protocol.minWriterVersion === FEATURES_WRITER_VERSION ? (protocol.writerFeatures ?? []) : [];
  const inUse = new Set([...listed, ...featuresInUse(metadata, schema)]);
  const unknown = [...inUse].filter(
    (feature) => !WRITABLE_FEATURES.has(feature) && !isIdle(feature, metadata, schema),
  );
  if (unknown.length > 0) throw unsupportedFeatures("DELTA_UNSUPPORTED_FEATURES_FOR_WRITE", unknown, table);
}

/** The least protocol that covers `current` and the features that metadata and schema put to use. */
export function protocolFor(current: Protocol, metadata: Metadata, schema: StructType): Protocol {
  const needed = featuresInUse(metadata, schema).filter((feature) => !supports(current, feature));
  if (needed.length === 0) return current;
  const writerFeatures = new Set([...writerFeaturesOf(current), ...needed]);
  const readerFeatures = new Set([
    ...(current.readerFeatures ?? []),
    ...(current.minReaderVersion === 2 ? ["columnMapping"] : []),
    ...needed.filter((feature) => READER_WRITER_FEATURES.has(feature)),
  ]);
  const base = { minWriterVersion: FEATURES_WRITER_VERSION, writerFeatures: [...writerFeatures].sort() };
  if (readerFeatures.size === 0) return { minReaderVersion: current.minReaderVersion, ...base };
  return { minReaderVersion: FEATURES_READER_VERSION, ...base, readerFeatures: [...readerFeatures].sort() };
}

/** Whether the protocol lists the feature or implies it by its version. */
export function supports(protocol: Protocol, feature: string): boolean {
  return writerFeaturesOf(protocol).includes(feature);
}

/** All features that the protocol stands for. */
export function featureNames(protocol: Protocol): readonly string[] {
  return [...new Set([...writerFeaturesOf(protocol), ...(protocol.readerFeatures ?? [])])];
}

function writerFeaturesOf(protocol: Protocol): readonly string[] {
  if (protocol.minWriterVersion >= FEATURES_WRITER_VERSION) return protocol.writerFeatures ?? [];
  return LEGACY_WRITER_FEATURES.flatMap(([version, names]) =>
    version <= protocol.minWriterVersion ? names : [],
  );
}

/** Features that the table's schema and properties make use of, whatever its protocol says. */
function featuresInUse(metadata: Metadata, schema: StructType): readonly string[] {
  const found = new Set<string>();
  const { configuration } = metadata;
  for (const key of Object.keys(configuration)) {
    if (key.startsWith("delta.constraints.")) found.add("checkConstraints");
    const named = /^delta\.feature\.(.+)$/.exec(key);
    if (named !== null && configuration[key] === "supported") found.add(named[1] as string);
  }
  const isOn = (key: string): boolean => configuration[key]?.toLowerCase() === "true";
  if (isOn("delta.appendOnly")) found.add("appendOnly");
  if (isOn("delta.enableChangeDataFeed")) found.add("changeDataFeed");
  if (isOn("delta.enableDeletionVectors")) found.add("deletionVectors");
  if (isOn("delta.enableRowTracking")) found.add("rowTracking");
  if (isOn("delta.enableInCommitTimestamps")) found.add("inCommitTimestamp");
  if (isOn("delta.enableIcebergCompatV1")) found.add("icebergCompatV1");
  if (isOn("delta.enableIcebergCompatV2")) found.add("icebergCompatV2");
  if (configuration["delta.checkpointPolicy"] === "v2") found.add("v2Checkpoint");
  if ((configuration["delta.columnMapping.mode"] ?? "none") !== "none") found.add("columnMapping");
  visitTypes(schema, (type, columnMetadata) => {
    if (type.kind === "timestamp_ntz") found.add("timestampNtz");
    if (type.kind === "variant") found.add("variantType");
    if (columnMetadata === undefined) return;
    if ("delta.generationExpression" in columnMetadata) found.add("generatedColumns");
    if ("delta.invariants" in columnMetadata) found.add("invariants");
    if (Object.keys(columnMetadata).some((key) => key.startsWith("delta.identity.")))
      found.add("identityColumns");
    if ("CURRENT_DEFAULT" in columnMetadata) found.add("allowColumnDefaults");
  });
  return [...found];
}

/** A feature that is listed but that no part of the table makes use of asks nothing of an append or overwrite. */
function isIdle(feature: string, metadata: Metadata, schema: StructType): boolean {
  const dormant = ["typeWidening", "typeWidening-preview"];
  return dormant.includes(feature) && !featuresInUse(metadata, schema).includes(feature);
}

function visitTypes(
  root: DataType,
  visit: (type: DataType, columnMetadata: Readonly<Record<string, unknown>> | undefined) => void,
): void {
  const pending: [DataType, Readonly<Record<string, unknown>> | undefined][] = [[root, undefined]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [type, columnMetadata] = next;
    visit(type, columnMetadata);
    if (type.kind === "array") pending.push([type.elementType, undefined]);
    if (type.kind === "map") pending.push([type.keyType, undefined], [type.valueType, undefined]);
    if (type.kind === "struct") for (const f of type.fields) pending.push([f.dataType, f.metadata]);
  }
}

function unsupportedVersion(protocol: Protocol, table: string): Error {
  return sparkError("PySparkException", {
    condition: "DELTA_INVALID_PROTOCOL_VERSION",
    messageParameters: {
      tableNameOrPath: table,
      readerRequired: String(protocol.minReaderVersion),
      writerRequired: String(protocol.minWriterVersion),
      deltaVersion: OUR_VERSION,
      supportedReaders: "1, 2, 3",
      supportedWriters: "2, 3, 4, 5, 6, 7",
    },
  });
}

function unsupportedFeatures(condition: string, features: readonly string[], table: string): Error {
  return sparkError("UnsupportedOperationException", {
    condition,
    messageParameters: {
      tableNameOrPath: table,
      deltaVersion: OUR_VERSION,
      unsupported: [...features].sort().join(", "),
    },
  });
}
