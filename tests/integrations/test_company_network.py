"""A company's proxy and its own certificates hold for Slack, for answers to people, and for the trackers alike."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk.errors import SlackClientError

from bot.bootstrap.house import House
from bot.settings import Settings
from integrations.http import AnswerPost
from rules.errors import TrackerError

SLOW_SECONDS = 0.3
HOSTS = ("slack.com", "hooks.slack.com", "jira.agency.example", "api.trello.com")
# Of these hosts, until 2100, vouched for by itself; with its key, which opens nothing else.
CERTIFICATE = Path(__file__).with_name("company.pem")
SETTINGS = {
    "SLACK__BOT_TOKEN": "xoxb-made-up",
    "SLACK__SIGNING_SECRET": "5" * 32,
    "JIRA__URL": "https://jira.agency.example",
    "JIRA__EMAIL": "amir@agency.example",
    "JIRA__TOKEN": "made-up",
    "JIRA__PROJECT": "OFF",
    "TRELLO__KEY": "made-up",
    "TRELLO__TOKEN": "made-up",
    "TRELLO__BOARD": "0" * 24,
}


class Proxy:
    """Answers every request that is sent through it itself; `asked` holds the hosts that were meant.

    What a project's statuses are takes it longer than all that Jira is asked at the same time.
    """

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(CERTIFICATE)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=self._listening.accept()[:1], daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            host = line.recv(4096).split()[1].decode().partition(":")[0]
            line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with self._tls.wrap_socket(line, server_side=True) as inner:
                if b"/statuses" in inner.recv(65536):
                    time.sleep(SLOW_SECONDS)
                self.asked.add(host)
                inner.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{"ok": true}')

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    made = Proxy()
    monkeypatch.setenv("HTTPS_PROXY", made.url)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    yield made
    made.close()


def ask_everybody(settings: Settings) -> None:
    """Whatever comes of it: the answers are nobody's."""
    house = House(settings, serves_web=True)
    with contextlib.suppress(SlackClientError, OSError):
        house.outside.slack.api_call("auth.test")
    AnswerPost()("https://hooks.slack.com/commands/1", {})
    for name in ("jira", "trello"):
        with contextlib.suppress(TrackerError, LookupError, TypeError):
            house.outside.trackers[name].destination()
    house.close()


def test_all_that_leaves_goes_through_the_companys_proxy_with_its_certificates(
    proxy: Proxy, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And without the certificates nobody is told anything; no question outlives whoever asked it."""
    for name, value in {**SETTINGS, "DATABASE_URL": sqlite_url}.items():
        monkeypatch.setenv(f"AMICABLE_{name}", value)
    ask_everybody(Settings(_env_file=None))
    asked = set(proxy.asked)
    proxy.asked.clear()
    monkeypatch.delenv("SSL_CERT_FILE")
    ask_everybody(Settings(_env_file=None))

    assert (asked, proxy.asked) == (set(HOSTS), set())
