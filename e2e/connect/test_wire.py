"""What goes wrong on the way: connections that break, bytes that are no gRPC, calls that make no sense."""

import socket
import threading

import grpc
import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

SERVICE = "/spark.connect.SparkConnectService/"


class CuttingForwarder:
    """Hands bytes on to a server and cuts the connection each time it has given so many."""

    def __init__(self, host, port, cut_after):
        self._target = (host, port)
        self._cut_after = cut_after
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, self._cut_after), daemon=True).start()

    def _pump(self, source, sink, most):
        given = 0
        try:
            while data := source.recv(65_536):
                sink.sendall(data)
                given += len(data)
                if most is not None and self.cuts < 3 and given > most:
                    self.cuts += 1
                    break
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self._listener.close()


def address(url):
    host, port = url.removeprefix("sc://").split("/")[0].rsplit(":", 1)
    return host, int(port)


def test_a_connection_cut_in_the_middle_of_a_result(lakelet_url):
    forwarder = CuttingForwarder(*address(lakelet_url), cut_after=3_000_000)
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{forwarder.port}").create()
    size = 2_000_000
    ids = spark.range(size).toArrow().column("id").to_numpy()
    assert forwarder.cuts == 3
    assert len(ids) == size and (ids == range(size)).all()
    spark.stop()
    forwarder.close()


def test_the_server_goes_on_after_nonsense(lakelet_url, spark):
    assert spark.range(2).count() == 2
    host, port = address(lakelet_url)
    with socket.create_connection((host, port)) as raw:
        raw.sendall(bytes(range(256)) * 64)
        raw.settimeout(5)
        try:
            while raw.recv(4096):
                pass
        except OSError:
            pass
    with grpc.insecure_channel(f"{host}:{port}", options=[("grpc.max_send_message_length", -1)]) as channel:

        def status(method, data):
            with pytest.raises(grpc.RpcError) as error:
                channel.unary_unary(SERVICE + method)(data, timeout=60)
            return error.value.code()

        assert status("NoSuchMethod", b"") == grpc.StatusCode.UNIMPLEMENTED
        assert status("AnalyzePlan", b"\xff\xff\xff") == grpc.StatusCode.INVALID_ARGUMENT
        assert status("AnalyzePlan", bytes(200 * 1024 * 1024)) == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert status("Config", b"\x0a\x03abc") in (grpc.StatusCode.INTERNAL, grpc.StatusCode.INVALID_ARGUMENT)
    assert spark.range(3).count() == 3


def test_a_session_id_that_is_none(lakelet_url):
    with pytest.raises((PySparkException, ValueError)):
        SparkSession.builder.remote(f"{lakelet_url}/;session_id=nonsense").create().range(1).count()
