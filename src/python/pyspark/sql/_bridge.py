"""The way to the driver: requests and answers are JSON texts, and a call waits for its answer."""

import json

transport = None
"""Set by the host: takes a method's name and a JSON text, gives the answer's JSON text."""


def request(method, payload=None):
    """Asks the driver. An error of Spark's comes as its exception."""
    if transport is None:
        from pyspark.errors import PySparkRuntimeError

        raise PySparkRuntimeError("There is no driver: this pyspark runs inside Lakelet.")
    answer = json.loads(transport(method, json.dumps(payload)))
    if "error" in answer:
        from pyspark.errors import from_wire

        raise from_wire(answer["error"]) from None
    return answer.get("value")


class Node(dict):
    """A relation or an expression of a plan: a dict that never changes once it is made."""

    __slots__ = ()

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other


def flatten(root):
    """A plan as a list of nodes that refer to each other by index, children first, as it crosses to the driver. It uses
    no recursion: plans can be thousands of nodes deep."""
    at, nodes, open_ = {}, [], [root]
    while open_:
        node = open_[-1]
        if id(node) in at:
            open_.pop()
            continue
        waiting = [child for child in children(node) if id(child) not in at]
        if waiting:
            open_.extend(reversed(waiting))
            continue
        open_.pop()
        at[id(node)] = len(nodes)
        nodes.append({key: _refer(value, at) for key, value in node.items()})
    return {"nodes": nodes}


def children(node):
    """The nodes right below one."""
    found = []
    for value in node.values():
        _collect(value, found)
    return found


def _collect(value, found):
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)


def _refer(value, at):
    if isinstance(value, Node):
        return {"kind": "NodeRef", "at": at[id(value)]}
    if isinstance(value, dict):
        return {key: _refer(item, at) for key, item in value.items()}
    if isinstance(value, list):
        return [_refer(item, at) for item in value]
    return value
