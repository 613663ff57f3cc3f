"""Records Spark's answers to the expressions in lists/<topic>.txt, one a line, into lists/<topic>.json.

usage: SPARK_REMOTE=sc://host:port python record_lists.py [topic...]
"""

import glob
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from recording import connect, record, save

spark = connect()
for path in sorted(glob.glob(os.path.join(HERE, "lists", "*.txt"))):
    topic = os.path.basename(path)[:-4]
    if sys.argv[1:] and topic not in sys.argv[1:]:
        continue
    lines = [line.rstrip("\n") for line in open(path)]
    cases = [{"sql": line, "ansi": record(spark, line)} for line in lines if line and not line.startswith("#")]
    save(os.path.join(HERE, "lists", f"{topic}.json"), cases)
