/** Plan to resolved plan: names, types, nullability and errors as Spark has them. */
export { analyze } from "./analyze.ts";
export type { AnalysisContext, AnalyzedQuery, ShownTable } from "./analyzed-query.ts";
export type * from "./catalog-resolver.ts";
export { optimize } from "./optimize/index.ts";
export { type ReferenceTable as References, resolveReferences } from "./references.ts";
export { formatShowString } from "./show-string.ts";
export { analyzeForWrite, type WriteTarget } from "./write.ts";
