"""Records what Spark 4.0 with delta-spark 4.0.0 answers to the statements of statements.json.

    LAKELET_DELTA_JARS=folder python record.py

Each answer: the rows as sorted JSON texts, or the error's condition; and the operation metrics of the version that the
statement made, without times and bytes.
"""

import json
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "foreign"))

from read_statement_tables import spark_session  # noqa: E402


def metrics_of(row):
    return {
        key: value
        for key, value in (row.operationMetrics or {}).items()
        if not any(part in key for part in ("Time", "Bytes", "FileSize", "sizeOf"))
    }


def main():
    os.chdir(tempfile.mkdtemp())
    spark = spark_session()
    spark.sparkContext.setLogLevel("OFF")
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    with open(os.path.join(HERE, "statements.json")) as file:
        scripts = json.load(file)
    out = []
    for script in scripts:
        version = -1
        answers = []
        for text in script["statements"]:
            answer = {}
            try:
                df = spark.sql(text)
                if df.columns:
                    answer["rows"] = sorted(df.toJSON().collect())
            except Exception as error:
                condition = getattr(error, "getCondition", lambda: None)()
                answer["error"] = condition or type(error).__name__
            try:
                last = spark.sql(f"DESCRIBE HISTORY {script['table']} LIMIT 1").collect()[0]
                if last.version != version:
                    version = last.version
                    answer["operation"] = last.operation
                    answer["metrics"] = metrics_of(last)
            except Exception:
                pass
            answers.append(answer)
        out.append({"name": script["name"], "answers": answers})
        spark.sql(f"DROP TABLE IF EXISTS {script['table']}")
    with open(os.path.join(HERE, "recorded.json"), "w") as file:
        json.dump(out, file, indent=1, sort_keys=True)
        file.write("\n")


main()
