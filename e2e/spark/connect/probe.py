"""What a Spark Connect server answers to requests that a well-behaved client never sends.

usage: SPARK_REMOTE=sc://host:port python probe.py OUT.json

Run against a live Spark it records what is right; run against another server its answers can be compared.
Ids in texts are replaced by names, so that two runs give the same file.
"""

import json
import os
import re
import sys
import uuid

import grpc
import pyspark.sql.connect.proto as proto
import pyspark.sql.connect.proto.base_pb2_grpc as rpc
from google.rpc import error_details_pb2, status_pb2

PLACEHOLDER = "00000000-0000-0000-0000-000000000000"


def plan(sql="SELECT 1 AS a"):
    return proto.Plan(root=proto.Relation(sql=proto.SQL(query=sql)))


def answer(call):
    """The messages of a call, or its error: code, condition, classes, text."""
    try:
        result = call()
        messages = list(result) if hasattr(result, "__iter__") else [result]
        return {"ok": [kinds(m) for m in messages]}
    except grpc.RpcError as error:
        out = {"code": error.code().name, "text": re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", error.details() or "")}
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                status = status_pb2.Status.FromString(value)
                info = error_details_pb2.ErrorInfo()
                for detail in status.details:
                    if detail.Unpack(info):
                        out["classes"] = json.loads(info.metadata.get("classes", "[]"))
                        out["condition"] = info.metadata.get("errorClass")
                        out["sqlState"] = info.metadata.get("sqlState")
                        out["hasErrorId"] = "errorId" in info.metadata
        return out


def kinds(message):
    return sorted(field.name for field, _ in message.ListFields())


def main(out):
    target = re.sub(r"^sc://", "", os.environ["SPARK_REMOTE"]).rstrip("/")
    channel = grpc.insecure_channel(target)
    stub = rpc.SparkConnectServiceStub(channel)
    user = proto.UserContext(user_id="probe")
    session = str(uuid.uuid4())
    execute = proto.ExecutePlanRequest
    reattachable = [execute.RequestOption(reattach_options=proto.ReattachOptions(reattachable=True))]
    results = {}

    def request(**fields):
        fields = {"session_id": session, "user_context": user, "client_type": "probe", "plan": plan(), **fields}
        return execute(**fields)

    def probe(name, call):
        results[name] = answer(call)

    probe("execute", lambda: stub.ExecutePlan(request()))
    probe("execute without a user", lambda: stub.ExecutePlan(request(user_context=None)))
    probe("session id is no uuid", lambda: stub.ExecutePlan(request(session_id="nope")))
    probe("session id is empty", lambda: stub.ExecutePlan(request(session_id="")))
    probe("operation id is no uuid", lambda: stub.ExecutePlan(request(operation_id="nope")))
    probe("no plan", lambda: stub.ExecutePlan(request(plan=None)))
    probe("empty plan", lambda: stub.ExecutePlan(request(plan=proto.Plan())))
    probe("empty relation", lambda: stub.ExecutePlan(request(plan=proto.Plan(root=proto.Relation()))))
    probe(
        "another server",
        lambda: stub.ExecutePlan(request(client_observed_server_side_session_id=PLACEHOLDER)),
    )
    probe("bad tag", lambda: stub.ExecutePlan(request(tags=["a,b"])))
    operation = str(uuid.uuid4())
    call = stub.ExecutePlan(request(operation_id=operation, request_options=reattachable))
    responses = list(call)
    results["reattachable"] = {"ok": [kinds(m) for m in responses]}
    probe(
        "operation exists",
        lambda: stub.ExecutePlan(request(operation_id=operation, request_options=reattachable)),
    )

    def reattach(**fields):
        fields = {"session_id": session, "user_context": user, "operation_id": operation, **fields}
        return stub.ReattachExecute(proto.ReattachExecuteRequest(**fields))

    def release(**fields):
        fields = {"session_id": session, "user_context": user, "operation_id": operation, **fields}
        return stub.ReleaseExecute(proto.ReleaseExecuteRequest(**fields))

    probe("reattach from the start", lambda: reattach())
    probe("reattach after the first", lambda: reattach(last_response_id=responses[0].response_id))
    probe("reattach after an unknown one", lambda: reattach(last_response_id=str(uuid.uuid4())))
    probe("reattach to an unknown operation", lambda: reattach(operation_id=str(uuid.uuid4())))
    probe(
        "release until the second",
        lambda: release(
            release_until=proto.ReleaseExecuteRequest.ReleaseUntil(response_id=responses[1].response_id)
        ),
    )
    probe("reattach after the released", lambda: reattach(last_response_id=responses[0].response_id))
    probe("release all", lambda: release(release_all=proto.ReleaseExecuteRequest.ReleaseAll()))
    probe("release again", lambda: release(release_all=proto.ReleaseExecuteRequest.ReleaseAll()))
    probe("reattach after release", lambda: reattach())
    plain = str(uuid.uuid4())
    list(stub.ExecutePlan(request(operation_id=plain)))
    probe("reattach to a plain operation", lambda: reattach(operation_id=plain))
    probe(
        "interrupt nothing",
        lambda: stub.Interrupt(
            proto.InterruptRequest(session_id=session, user_context=user, interrupt_type="INTERRUPT_TYPE_ALL")
        ),
    )
    probe(
        "interrupt without a type",
        lambda: stub.Interrupt(proto.InterruptRequest(session_id=session, user_context=user)),
    )
    probe(
        "interrupt a tag without one",
        lambda: stub.Interrupt(
            proto.InterruptRequest(session_id=session, user_context=user, interrupt_type="INTERRUPT_TYPE_TAG")
        ),
    )
    probe(
        "analyze nothing",
        lambda: stub.AnalyzePlan(proto.AnalyzePlanRequest(session_id=session, user_context=user)),
    )
    probe(
        "analyze a command",
        lambda: stub.AnalyzePlan(
            proto.AnalyzePlanRequest(
                session_id=session,
                user_context=user,
                schema=proto.AnalyzePlanRequest.Schema(
                    plan=proto.Plan(command=proto.Command(sql_command=proto.SqlCommand()))
                ),
            )
        ),
    )
    probe(
        "parse bad DDL",
        lambda: stub.AnalyzePlan(
            proto.AnalyzePlanRequest(
                session_id=session,
                user_context=user,
                ddl_parse=proto.AnalyzePlanRequest.DDLParse(ddl_string="a NOPE"),
            )
        ),
    )
    probe(
        "config without operation",
        lambda: stub.Config(proto.ConfigRequest(session_id=session, user_context=user)),
    )

    def config(**operation):
        return lambda: stub.Config(
            proto.ConfigRequest(
                session_id=session, user_context=user, operation=proto.ConfigRequest.Operation(**operation)
            )
        )

    pair = proto.KeyValue
    probe("config get unknown", config(get=proto.ConfigRequest.Get(keys=["no.such.key"])))
    probe("config get option unknown", config(get_option=proto.ConfigRequest.GetOption(keys=["no.such.key"])))
    static = [pair(key="spark.sql.warehouse.dir", value="x")]
    probe("config set static", config(set=proto.ConfigRequest.Set(pairs=static)))
    probe("config set static silently", config(set=proto.ConfigRequest.Set(pairs=static, silent=True)))
    probe(
        "unknown error id",
        lambda: stub.FetchErrorDetails(
            proto.FetchErrorDetailsRequest(session_id=session, user_context=user, error_id=str(uuid.uuid4()))
        ),
    )
    probe(
        "artifact status",
        lambda: stub.ArtifactStatus(
            proto.ArtifactStatusesRequest(session_id=session, user_context=user, names=["cache/" + "0" * 64])
        ),
    )
    cached = proto.Relation(chunked_cached_local_relation=proto.ChunkedCachedLocalRelation(dataHashes=["0" * 64]))
    probe("missing artifact", lambda: stub.ExecutePlan(request(plan=proto.Plan(root=cached))))

    def artifacts(*messages):
        def requests():
            for message in messages:
                message.session_id = session
                message.user_context.CopyFrom(user)
                yield message

        return lambda: stub.AddArtifacts(requests())

    add = proto.AddArtifactsRequest
    chunk = add.ArtifactChunk(data=b"abc", crc=891568578)
    bad = add.ArtifactChunk(data=b"abc", crc=1)
    single = add.SingleChunkArtifact
    probe("artifact", artifacts(add(batch=add.Batch(artifacts=[single(name="cache/one", data=chunk)]))))
    probe("artifact with a bad crc", artifacts(add(batch=add.Batch(artifacts=[single(name="cache/two", data=bad)]))))
    probe("artifact without payload", artifacts(add()))
    begin = add.BeginChunkedArtifact(name="cache/three", total_bytes=6, num_chunks=2, initial_chunk=chunk)
    probe("artifact in chunks", artifacts(add(begin_chunk=begin), add(chunk=chunk)))
    probe("artifact with a chunk missing", artifacts(add(begin_chunk=begin)))
    probe("artifact chunk from nowhere", artifacts(add(chunk=chunk)))
    climbing = [single(name="files/../../x", data=chunk)]
    probe("artifact that climbs out", artifacts(add(batch=add.Batch(artifacts=climbing))))
    new = str(uuid.uuid4())
    clone = proto.CloneSessionRequest
    probe("clone", lambda: stub.CloneSession(clone(session_id=session, user_context=user, new_session_id=new)))
    probe("clone again", lambda: stub.CloneSession(clone(session_id=session, user_context=user, new_session_id=new)))
    probe(
        "clone to no uuid",
        lambda: stub.CloneSession(clone(session_id=session, user_context=user, new_session_id="nope")),
    )
    probe(
        "clone of nothing",
        lambda: stub.CloneSession(clone(session_id=str(uuid.uuid4()), user_context=user)),
    )
    status = proto.GetStatusRequest
    probe("status", lambda: stub.GetStatus(status(session_id=session, user_context=user)))
    probe(
        "status of operations",
        lambda: stub.GetStatus(
            status(
                session_id=session,
                user_context=user,
                operation_status=status.OperationStatusRequest(operation_ids=[plain, str(uuid.uuid4())]),
            )
        ),
    )
    unknown = channel.unary_unary(
        "/spark.connect.SparkConnectService/Nope", request_serializer=lambda b: b, response_deserializer=lambda b: b
    )
    probe("unknown rpc", lambda: unknown(b"") and proto.ConfigResponse())
    other = channel.unary_unary(
        "/spark.connect.Other/Config", request_serializer=lambda b: b, response_deserializer=lambda b: b
    )
    probe("unknown service", lambda: other(b"") and proto.ConfigResponse())
    garbage = channel.unary_unary(
        "/spark.connect.SparkConnectService/Config",
        request_serializer=lambda b: b,
        response_deserializer=lambda b: b,
    )
    probe("garbage", lambda: garbage(b"\xff\xff\xff\xff") and proto.ConfigResponse())
    probe("still there", lambda: stub.ExecutePlan(request()))
    gone = proto.ReleaseSessionRequest(session_id=session, user_context=user)
    probe("release session", lambda: stub.ReleaseSession(gone))
    probe("execute in a released session", lambda: stub.ExecutePlan(request()))
    probe("release session again", lambda: stub.ReleaseSession(gone))
    probe(
        "release unknown session",
        lambda: stub.ReleaseSession(proto.ReleaseSessionRequest(session_id=str(uuid.uuid4()), user_context=user)),
    )
    with open(out, "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in results.items()) + "\n}\n")


main(sys.argv[1])
