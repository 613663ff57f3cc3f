"""A pytest plugin: `spark` is a fresh session on a Lakelet server, one server for the whole run.

    pytest -p pytest_lakelet --lakelet-command "npx lakelet serve" tests

The server starts when the first test needs it and keeps its tables in memory; with pytest-xdist all workers share it.
`--lakelet-url sc://host:port` (or LAKELET_URL) uses one that runs already. No Java is needed.
"""

import atexit
import os
import re
import shlex
import signal
import subprocess
import threading

import pytest

READY = re.compile(r"listens on (sc://\S+)")


def pytest_addoption(parser):
    group = parser.getgroup("lakelet")
    group.addoption("--lakelet-url", default=os.environ.get("LAKELET_URL"), help="a server that runs already")
    group.addoption(
        "--lakelet-command",
        default=os.environ.get("LAKELET_COMMAND", "npx lakelet serve"),
        help="how to start a server; `--port 0` is added",
    )


class Server:
    """Starts at first need."""

    def __init__(self, command):
        self._command = command
        self._process = None
        self._url = None
        self._lock = threading.Lock()

    @property
    def pid(self):
        """Of the process that was started here; None for a server that ran already."""
        return None if self._process is None else self._process.pid

    @property
    def url(self):
        with self._lock:
            if self._url is None:
                self._start()
            return self._url

    def _start(self):
        command = [*shlex.split(self._command), "--port", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        atexit.register(self.stop)
        lines = []
        for line in self._process.stdout:
            lines.append(line)
            match = READY.search(line)
            if match:
                self._url = match.group(1)
                break
        else:
            raise RuntimeError(f"{' '.join(command)} did not start: {''.join(lines)}")
        # Nobody reads on: without this a full pipe would stop the server.
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    def stop(self):
        if self._process is not None and self._process.poll() is None:
            # With all that it started: `npx` and `npm run` do not hand the signal on.
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(timeout=20)


class Plugin:
    """Told only where pytest-xdist is installed."""

    def __init__(self, url_of):
        self._url_of = url_of

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node):
        node.workerinput["lakelet_url"] = self._url_of()


def pytest_configure(config):
    config.addinivalue_line("markers", "load: takes minutes")
    given = config.getoption("--lakelet-url")
    worker = getattr(config, "workerinput", {})
    server = Server(config.getoption("--lakelet-command"))
    config._lakelet_server = server

    def url_of():
        return given or worker.get("lakelet_url") or server.url

    config._lakelet_url = url_of
    config.pluginmanager.register(Plugin(url_of), "lakelet-xdist")


def pytest_unconfigure(config):
    config._lakelet_server.stop()


@pytest.fixture(scope="session")
def lakelet_url(request):
    """The address of the server, `sc://host:port`."""
    return request.config._lakelet_url()


@pytest.fixture
def new_session(lakelet_url):
    """Makes sessions: their views and settings are their own, their tables are everyone's. All are stopped at the end."""
    from pyspark.sql import SparkSession

    made = []

    def make(**conf):
        builder = SparkSession.builder.remote(lakelet_url)
        for key, value in conf.items():
            builder = builder.config(key, value)
        session = builder.create()
        made.append(session)
        return session

    yield make
    for session in made:
        session.stop()


@pytest.fixture
def spark(new_session):
    """A fresh session."""
    return new_session()
