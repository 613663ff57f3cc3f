"""Puts Lakelet's `pyspark` over a driver in Node: for trying the package with a Python of this machine."""

import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "src", "python"))

from pyspark.sql import _bridge  # noqa: E402
from pyspark.sql.udf import call_batch  # noqa: E402


def connect():
    """Starts the driver; requests of `pyspark` go to it from now on."""
    node = subprocess.Popen(
        ["node", "--import", "./.ci/run-ts.mjs", "e2e/python/line-bridge.ts"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )

    def send(message):
        node.stdin.write(json.dumps(message) + "\n")
        node.stdin.flush()

    def transport(method, payload):
        send({"method": method, "payload": payload})
        while True:
            line = node.stdout.readline()
            if not line:
                raise RuntimeError("the driver has ended")
            message = json.loads(line)
            if "answer" in message:
                return message["answer"]
            call = message["call"]
            results = call_batch(call["functionId"], json.loads(call["types"]), json.loads(call["rows"]))
            send({"result": json.dumps(results)})

    _bridge.transport = transport
    return node
