"""Records what Spark writes into CSV, JSON and text files.

    SPARK_REMOTE=sc://host:port python writes.py

The server must write into the folder in which the files are looked for (the system's temporary one).
"""
import gzip
import json
import logging
import os
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

logging.disable(logging.CRITICAL)
spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
spark.conf.set("spark.sql.session.timeZone", "America/Los_Angeles")
folder = Path(tempfile.mkdtemp())
folder.chmod(0o777)

TYPES = """SELECT CAST(1 AS TINYINT) a, CAST(-2 AS SMALLINT) b, 3 c, 4000000000 d, CAST(1.5 AS FLOAT) e, 1e10D f, 0.1D g, CAST('NaN' AS DOUBLE) h,
 CAST('-Infinity' AS DOUBLE) i, 1.50BD j, CAST('0.0000000001' AS DECIMAL(38,10)) k, true l, DATE'2020-02-03' m, TIMESTAMP'2020-02-03 04:05:06.789012' n,
 TIMESTAMP_NTZ'2020-02-03 04:05:06.789012' o, 'x' p, NULL q, CAST(NULL AS INT) r, INTERVAL '1-2' YEAR TO MONTH s, INTERVAL '1 02:03:04.5' DAY TO SECOND t,
 CAST('12345678901234567890' AS DECIMAL(38,0)) u, CAST(0 AS DECIMAL(38,10)) v, CAST(1e-5 AS DOUBLE) w, CAST(100 AS DOUBLE) x, DATE'-0001-01-01' y"""
TEXT = "SELECT * FROM VALUES ('plain', 'a,b'), ('q\"q', 'back\\\\slash'), (' lead', 'trail '), ('new\nline', 'cr\rx'), ('', NULL), (NULL, ''), ('\"quoted\"', '#c'), ('tab\tx', 'é🙂'), ('a\\\\\"b', ','), ('  ', 'x') t(a, b)"
NESTED = """SELECT array(1, NULL) a, map('k', 1, 'n', NULL) m, named_struct('x', 1, 'y', CAST(NULL AS STRING), 'z', array(named_struct('d', 1.0D))) s, X'616200' b, map(1, 'x') im, array() e, named_struct('n', CAST(NULL AS INT)) ns, '</a>"\\\\\n\t\u0001\u007f é🙂' t"""
CASES = [
    ("csv", TYPES.replace(", NULL q", ""), {}),
    ("csv", TEXT, {}),
    ("csv", TEXT, {"header": "true"}),
    ("csv", TEXT, {"quoteAll": "true"}),
    ("csv", TEXT, {"escapeQuotes": "false"}),
    ("csv", TEXT, {"escape": '"'}),
    ("csv", TEXT, {"quote": "'"}),
    ("csv", TEXT, {"quote": ""}),
    ("csv", TEXT, {"sep": ";"}),
    ("csv", TEXT, {"sep": "||"}),
    ("csv", TEXT, {"nullValue": "NULL", "emptyValue": "EMPTY"}),
    ("csv", TEXT, {"ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"}),
    ("csv", TEXT, {"lineSep": "\r\n"}),
    ("csv", TEXT, {"charToEscapeQuoteEscaping": "|"}),
    ("csv", TEXT, {"compression": "gzip"}),
    ("csv", "SELECT DATE'2020-02-03' d, TIMESTAMP'2020-02-03 04:05:06.789' t, TIMESTAMP_NTZ'2020-02-03 04:05:06' n", {"dateFormat": "dd.MM.yyyy", "timestampFormat": "MM/dd/yyyy HH:mm z", "timestampNTZFormat": "yyyy HH"}),
    ("csv", "SELECT 1 a, 2 `b,c`, 3 `d\"e` WHERE false", {"header": "true"}),
    ("csv", "SELECT 1 a WHERE false", {}),
    ("csv", "SELECT X'616200' b, 1 c", {}),
    ("csv", "SELECT '' a", {}), ("csv", "SELECT CAST(NULL AS STRING) a", {}), ("csv", "SELECT CAST(NULL AS STRING) a, CAST(NULL AS STRING) b", {}),
    ("json", TYPES, {}),
    ("json", TEXT, {}),
    ("json", NESTED, {}),
    ("json", NESTED, {"ignoreNullFields": "false"}),
    ("json", NESTED, {"pretty": "true"}),
    ("json", NESTED, {"writeNonAsciiCharacterAsCodePoint": "true"}),
    ("json", TEXT, {"lineSep": "|", "compression": "gzip"}),
    ("json", "SELECT DATE'2020-02-03' d, TIMESTAMP'2020-02-03 04:05:06.789' t", {"dateFormat": "dd.MM.yyyy", "timestampFormat": "MM/dd/yyyy HH:mm"}),
    ("json", "SELECT 1 a WHERE false", {}),
    ("json", "SELECT CAST(NULL AS INT) a", {}),
    ("text", "SELECT * FROM VALUES ('a'), (NULL), (''), ('x\ny'), ('é') t(v)", {}),
    ("text", "SELECT * FROM VALUES ('a'), ('b') t(v)", {"lineSep": ";"}),
    ("text", "SELECT 'a' v", {"compression": "gzip"}),
    ("text", "SELECT 'a' v WHERE false", {}),
]

lines = []
for number, (format, sql, options) in enumerate(CASES):
    target = folder / f"out{number}"
    answer = {"format": format, "sql": sql, "options": options}
    try:
        df = spark.sql(sql).coalesce(1)
        answer["schema"] = df.schema.jsonValue()
        df.write.format(format).options(**options).save(str(target))
        files = [f for f in sorted(target.iterdir()) if f.name.startswith("part-")]
        answer["suffixes"] = [f.name.split("-c000")[-1] for f in files]
        texts = [gzip.decompress(f.read_bytes()) if f.name.endswith(".gz") else f.read_bytes() for f in files]
        answer["text"] = [t.decode("utf-8") for t in texts]
    except Exception as e:
        answer["error"] = e.getCondition() if hasattr(e, "getCondition") else str(e)
    lines.append(json.dumps(answer, ensure_ascii=False))
name = Path(__file__).resolve().with_suffix(".json")
name.write_text("[\n" + ",\n".join(lines) + "\n]\n")
