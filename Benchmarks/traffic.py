"""The traffic of the load benchmark: what is published, and what must come of it.

Every stream speaks once a period, its stamps exactly one period apart. Most stay far below the
first level; every fifth makes excursions, and since the delays of rules/gas.yaml count in event
time, the stamps of all alarms follow from the stamps published, whatever the machine does.
"""

import select
import socket

ON_DELAY_MS = 3_000
OFF_DELAY_MS = 10_000
HIGH_MS = 4_000
CYCLE_MS = 20_000
ALARM_EVERY = 5
TICK_MS = 10
RULES = "bench/gas"


class Plan:
    """Values and expected events for `streams` streams over `seconds`, first stamp `start_ms`."""

    def __init__(self, streams, rate, seconds, start_ms):
        self.period_ms = 1000 * streams // rate
        if self.period_ms % TICK_MS or streams % (self.period_ms // TICK_MS):
            raise ValueError(f"streams / rate must be a multiple of {TICK_MS} ms that divides them")
        self.streams, self.start_ms = streams, start_ms
        self.groups = self.period_ms // TICK_MS
        self.ticks = seconds * 1000 // TICK_MS
        self.names = [f"area{i % 20}/bench/lel/{i}" for i in range(streams)]
        self.expected = []
        self._high = {}
        self.last_ms = start_ms + (self.ticks - 1) * TICK_MS
        for stream in range(0, streams, ALARM_EVERY):
            self._excursions(stream)

    def group(self, tick):
        """The streams that speak in a tick."""
        size = self.streams // self.groups
        first = tick % self.groups * size
        return range(first, first + size)

    def stamp(self, tick):
        return self.start_ms + tick * TICK_MS

    def value(self, stream, tick):
        for first, middle, end, low, high in self._high.get(stream, ()):
            if first <= tick < end:
                return low if tick < middle else high
        return 5 + (stream * 7 + tick // self.groups) % 100 / 25

    def _excursions(self, stream):
        """Three kinds: to H, at once to HH, first to H and then to HH."""
        number = stream // ALARM_EVERY
        kind = number % 3
        # Spread over six seconds: all have been in alarm when memory is looked at first.
        begin = 500 + number * 30 % 6000
        long = 2 * HIGH_MS if kind == 2 else HIGH_MS
        total_ms = self.ticks * TICK_MS
        while begin + long + OFF_DELAY_MS + self.period_ms < total_ms:
            first = self._tick_of(stream, begin)
            middle = first + HIGH_MS // TICK_MS
            end = first + long // TICK_MS
            self._high.setdefault(stream, []).append(
                (first, middle if kind == 2 else first, end, 30, 30 if kind == 0 else 60))
            opener = "HH" if kind == 1 else "H"
            self._expect("raised", stream, opener, first, ON_DELAY_MS)
            if kind == 2:
                self._expect("escalated", stream, "HH", middle, ON_DELAY_MS)
            self._expect("cleared", stream, opener, end, OFF_DELAY_MS)
            if kind == 2:
                return
            begin += CYCLE_MS

    def _tick_of(self, stream, after_ms):
        """The first tick at or after a time in which the stream speaks."""
        offset = stream // (self.streams // self.groups)
        periods = -(-(after_ms // TICK_MS - offset) // self.groups)
        return offset + max(periods, 0) * self.groups

    def _expect(self, event, stream, rule, tick, delay_ms):
        self.expected.append(
            (event, self.names[stream], f"{RULES}/{rule}", self.stamp(tick) + delay_ms))


class Publisher:
    """An MQTT 3.1.1 publisher on a socket: CONNECT, PUBLISH, and counting PUBACK."""

    def __init__(self, port, qos):
        self.qos, self.published, self.acknowledged = qos, 0, 0
        self._packet_id = 0
        self._rest = b""
        self._topics = {}
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = b"bench-publisher"
        body = b"\x00\x04MQTT\x04\x02\x00\x00" + len(name).to_bytes(2, "big") + name
        self.socket.sendall(bytes([0x10, len(body)]) + body)
        answer = self._receive_exactly(4)
        if answer != b"\x20\x02\x00\x00":
            raise RuntimeError(f"the broker refuses: {answer.hex()}")

    def publish(self, messages):
        """Sends (topic, payload) pairs as one write."""
        out = bytearray()
        for topic, payload in messages:
            out += self._packet(topic, payload)
            self.published += 1
        self.socket.sendall(out)
        self.collect()

    def collect(self):
        """Takes the acknowledgements that are there."""
        if self.qos == 0:
            return
        while select.select([self.socket], [], [], 0)[0]:
            data = self.socket.recv(65536)
            if not data:
                raise RuntimeError("the broker closed the connection")
            self._rest += data
            # Four bytes each; with keep-alive 0 nothing else comes.
            self.acknowledged += len(self._rest) // 4
            self._rest = self._rest[len(self._rest) // 4 * 4:]

    def close(self):
        self.socket.sendall(b"\xe0\x00")
        self.socket.close()

    def _packet(self, topic, payload):
        head = self._topics.get(topic)
        if head is None:
            raw = topic.encode()
            head = self._topics[topic] = len(raw).to_bytes(2, "big") + raw
        length = len(head) + len(payload) + (2 if self.qos else 0)
        if length >= 128 * 128:
            raise ValueError("a longer packet than this publisher writes")
        size = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
        if self.qos == 0:
            return b"\x30" + size + head + payload
        self._packet_id = self._packet_id % 65535 + 1
        return b"\x32" + size + head + self._packet_id.to_bytes(2, "big") + payload

    def _receive_exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise RuntimeError("the broker closed the connection")
            data += more
        return data
