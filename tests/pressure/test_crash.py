import http.client
import json
import random
import threading
import time
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from tests.support.server import Server

ROUNDS = 20
THREADS = 6
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


class Load:
    """Threads that post numbered pageviews and remember which ones were acknowledged."""

    def __init__(self, port: int, numbers: "count[int]") -> None:
        self.port = port
        self.numbers = numbers
        self.acknowledged: list[int] = []
        self.sent: list[int] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._post, args=(n,), daemon=True) for n in range(THREADS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(10)

    def _post(self, visitor: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            self._post_until_over(connection, visitor)
        except (OSError, http.client.HTTPException):
            pass  # The server is gone; whether the last one counts is nobody's promise.
        finally:
            connection.close()

    def _post_until_over(self, connection: http.client.HTTPConnection, visitor: int) -> None:
        while not self._over.is_set():
            number = next(self.numbers)
            body = json.dumps({"n": "pageview", "u": f"https://example.com/e/{number}", "d": "example.com"})
            headers = {"User-Agent": AGENT, "X-Forwarded-For": f"198.51.100.{visitor + number % 40}"}
            self.sent.append(number)
            connection.request("POST", "/api/event", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 202:
                self.acknowledged.append(number)


@pytest.mark.timeout(420)
def test_every_acknowledged_event_survives_kill_9_exactly_once(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()
    key = server.admin()
    server.site(key)
    rng = random.Random(20261123)
    numbers: count[int] = count()
    acknowledged: list[int] = []
    sent: list[int] = []
    for round_number in range(ROUNDS):
        load = Load(server.port, numbers)
        load.start()
        time.sleep(rng.uniform(0.05, 1.6))
        server.kill()
        load.stop()
        acknowledged += load.acknowledged
        sent += load.sent
        assert load.acknowledged or round_number, "The load never reached the server."
        server.start()
    stored = Counter(int(str(event["pathname"]).rsplit("/", 1)[1]) for event in server.export(key))
    visits = server.export(key, "visits")
    assert server.stop() == 0

    assert len(acknowledged) > ROUNDS
    assert [n for n in acknowledged if stored[n] != 1] == []
    assert set(stored) <= set(sent)
    assert max(stored.values()) == 1
    assert sum(int(visit["pageviews"]) for visit in visits) == sum(stored.values())
