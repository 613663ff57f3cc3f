import { unsupported } from "../../errors/spark-error.ts";
import type { Column, ColumnOrName } from "../column.ts";

/** Named for completeness: Lakelet has no geospatial types. Throws UNSUPPORTED_FEATURE. */
export function st_asbinary(_geo: ColumnOrName, _endianness?: ColumnOrName): Column {
  throw unsupported("st_asbinary");
}

/** Named for completeness: Lakelet has no geospatial types. Throws UNSUPPORTED_FEATURE. */
export function st_geogfromwkb(_wkb: ColumnOrName): Column {
  throw unsupported("st_geogfromwkb");
}

/** Named for completeness: Lakelet has no geospatial types. Throws UNSUPPORTED_FEATURE. */
export function st_geomfromwkb(_wkb: ColumnOrName, _srid?: ColumnOrName | number): Column {
  throw unsupported("st_geomfromwkb");
}

/** Named for completeness: Lakelet has no geospatial types. Throws UNSUPPORTED_FEATURE. */
export function st_setsrid(_geo: ColumnOrName, _srid: ColumnOrName | number): Column {
  throw unsupported("st_setsrid");
}

/** Named for completeness: Lakelet has no geospatial types. Throws UNSUPPORTED_FEATURE. */
export function st_srid(_geo: ColumnOrName): Column {
  throw unsupported("st_srid");
}
