const NO_ISOLATION = "Spark tells of a setting of its own, spark.sql.artifact.isolation.enabled";
const STRUCTS = "structs are not rearranged, nor named by their fields, when rows are inserted";
const STATISTICS = "ANALYZE TABLE keeps no statistics: files carry their own";
const QUERY_COLUMNS = "the columns of a view's query are shown whatever its mode";

/** Statements whose answers are not Spark's, by topic and text, with the reason. */
export const DIFFERENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "alter-table": {
    "ALTER TABLE t ADD COLUMN g INT DEFAULT 5": "rows that are there would need the default; refused by name",
    "ALTER TABLE np3 SET SERDEPROPERTIES ('a'='b')": "Hive's properties are refused",
  },
  functions: {
    "SELECT noret(1)": "a decimal sum may be null by its type",
    "DESCRIBE FUNCTION EXTENDED f1": NO_ISOLATION,
    "DESCRIBE FUNCTION EXTENDED tf": NO_ISOLATION,
    "DESCRIBE FUNCTION EXTENDED tbl2": NO_ISOLATION,
    "DESCRIBE FUNCTION EXTENDED det": NO_ISOLATION,
    "CREATE FUNCTION agg(a INT) RETURNS INT RETURN (SELECT sum(a))": "refused under another condition",
    "CREATE FUNCTION lang(a INT) RETURNS INT LANGUAGE PYTHON AS 'x'": "the error has no hint",
  },
  insert: {
    "INSERT INTO n VALUES (1, struct('q', 'x'))": STRUCTS,
    "INSERT INTO n BY NAME SELECT named_struct('y', 'x', 'x', 1) AS b, 2 AS a": STRUCTS,
    "SELECT * FROM n ORDER BY ALL": STRUCTS,
    "INSERT INTO t VALUES ('abc', 1, 'x')":
      "the store assignment policy LEGACY is refused where ANSI would refuse",
    "SELECT * FROM t ORDER BY ALL": "the row of the refused INSERT",
    "SELECT count(*) FROM t": "the row of the refused INSERT",
    "INSERT INTO t VALUES (3000000000, 'x', 1)": "the condition is that of a cast",
  },
  "show-describe": {
    "DESCRIBE EXTENDED v1 AS JSON": NO_ISOLATION,
    "DESCRIBE EXTENDED t1 a": STATISTICS,
    "DESCRIBE EXTENDED t1": STATISTICS,
  },
  variables: {
    "SELECT * FROM ex": "Spark runs an INSERT that it then refuses",
    "EXECUTE IMMEDIATE 'SELECT ?'": "an open place is counted, not told by its position",
  },
  views: {
    "DESCRIBE EXTENDED v9": QUERY_COLUMNS,
    "DESCRIBE EXTENDED ve": QUERY_COLUMNS,
  },
};
