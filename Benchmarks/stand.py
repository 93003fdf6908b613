"""The test stand: a private broker, a receiver and the daemon, on loopback, in a folder of its own.

Every process is a child that is ended by its id; every wait has a bound.
"""

import base64
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.request

BROKER = """listener {port} 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 1000
set_tcp_nodelay true
user {user}
log_type error
"""
DAEMON = """site: {{id: bench, utc_offset: "+00:00"}}
broker: {{url: "mqtt://127.0.0.1:{broker}", qos: {qos}, subscribe: ["+/bench/#"]}}
decode:
  - {{topics: "#", format: json, value_at: /v, time_at: /ts, unit_at: /u}}
rules: [{rules}]
state: {folder}/state
alert_log: {{path: {folder}/log/alerts.jsonl}}
webhooks:
  - {{name: bench, url: "http://127.0.0.1:{receiver}/alarms", secret_file: {folder}/secret}}
http: {{listen: "127.0.0.1:{api}"}}
"""
START_SECONDS = 15
STOP_SECONDS = 20


class Failure(Exception):
    """The stand cannot do its work."""


def wait_for(what, condition, seconds):
    """Waits until `condition` holds, looking every 20 ms; its last value, or a Failure."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise Failure(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A child with what /proc says of it."""

    def __init__(self, folder, name, *command, environment=None):
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self.child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **(environment or {})})

    @property
    def is_alive(self):
        return self.child.poll() is None

    def cpu_seconds(self):
        text = pathlib.Path(f"/proc/{self.child.pid}/stat").read_text()
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_kib(self):
        for line in pathlib.Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise Failure(f"{self.name} has ended; see its last lines:\n{self.tail()}")

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def stop(self):
        """SIGTERM, and SIGKILL when that does not help; the exit code."""
        if self.is_alive:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait(STOP_SECONDS)
        return self.child.returncode


class Stand(contextlib.ExitStack):
    """Starts all three; leaving the context ends them."""

    def __init__(self, tocsin, folder, rules, qos, environment=None):
        super().__init__()
        self.folder = folder
        self.received = folder / "received.jsonl"
        self.broker_port, self.api_port = free_port(), free_port()
        user = subprocess.run(
            ["id", "-un"], check=True, capture_output=True, text=True).stdout.strip()
        (folder / "mosquitto.conf").write_text(BROKER.format(port=self.broker_port, user=user))
        try:
            self.broker = self._start("mosquitto", self._mosquitto(), "-c",
                                      str(folder / "mosquitto.conf"))
            wait_for("the broker", self._broker_answers, START_SECONDS)
            port_file, secret = folder / "receiver.port", folder / "secret"
            secret.touch(mode=0o600)
            secret.write_text(f"whsec_{base64.b64encode(os.urandom(32)).decode()}\n")
            self.receiver = self._start(
                "receiver", tocsin, "receive", "--listen", "127.0.0.1:0", "--quiet",
                "--secret-file", str(secret), "--out", str(self.received),
                "--port-file", str(port_file))
            port = wait_for(
                "the receiver", lambda: port_file.exists() and port_file.read_text().strip(),
                START_SECONDS)
            (folder / "tocsin.yaml").write_text(DAEMON.format(
                broker=self.broker_port, qos=qos, rules=rules, folder=folder, receiver=port,
                api=self.api_port))
            self.daemon = self._start(
                "daemon", tocsin, "run", "--config", str(folder / "tocsin.yaml"),
                environment=environment)
            wait_for("the daemon", self._daemon_is_ready, START_SECONDS)
        except BaseException:
            self.close()
            raise

    def metrics(self):
        """All values of /metrics: a dictionary from name with labels to number."""
        values = {}
        for line in self._get("/metrics").splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                values[name] = float(value)
        return values

    def _get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.api_port}{path}", timeout=5) as answer:
            return answer.read().decode()

    def _start(self, name, *command, environment=None):
        process = Process(self.folder, name, *command, environment=environment)
        self.callback(process.stop)
        return process

    @staticmethod
    def _mosquitto():
        for place in ("/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"):
            if os.access(place, os.X_OK):
                return place
        return "mosquitto"

    def _broker_answers(self):
        if not self.broker.is_alive:
            raise Failure(f"the broker does not start:\n{self.broker.tail()}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.broker_port)) == 0

    def _daemon_is_ready(self):
        if not self.daemon.is_alive:
            raise Failure(f"the daemon does not start:\n{self.daemon.tail()}")
        try:
            return self._get("/readyz") is not None
        except OSError:
            return False
