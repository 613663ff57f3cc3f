import { unsupported } from "../../errors/spark-error.ts";

/** Named for completeness; Lakelet has no geospatial types. Throws UNSUPPORTED_FEATURE. */
export class GeographyType {
  constructor(srid?: number | string) {
    throw unsupported(`the type GEOGRAPHY(${srid ?? "ANY"})`);
  }
}
/** Named for completeness; Lakelet has no geospatial types. Throws UNSUPPORTED_FEATURE. */
export class GeometryType {
  constructor(srid?: number | string) {
    throw unsupported(`the type GEOMETRY(${srid ?? "ANY"})`);
  }
}
/** Named for completeness; Lakelet has no geospatial values. Throws UNSUPPORTED_FEATURE. */
export class Geography {
  constructor() {
    throw unsupported("values of the type GEOGRAPHY");
  }
}
/** Named for completeness; Lakelet has no geospatial values. Throws UNSUPPORTED_FEATURE. */
export class Geometry {
  constructor() {
    throw unsupported("values of the type GEOMETRY");
  }
}
