"""``python -m local run``: the system staying up, spoken to by real clients at once, and stopped as a service is stopped."""

from __future__ import annotations

import json
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from local.scenes import STORY

PROJECT = STORY.parent.parent
PATIENCE = 120.0
Found = TypeVar("Found")
MAIL = b"From: customer%d@example.com\r\nMessage-ID: <%d@example.com>\r\nSubject: Tax\r\n\r\nWhere is my tax report?\r\n"


@dataclass
class Running:
    process: subprocess.Popen[str]
    inbox: Path
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def wait_for(self, pattern: str) -> str:
        return eventually(lambda: re.search(pattern, self.text), f"{pattern!r} in:\n{self.text}").group(1)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def eventually(look: Callable[[], Found | None], what: str) -> Found:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not happen: {what}")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    command = [sys.executable, "-u", "-m", "local", "run", "--port", "0", "--smtp-port", "0", "--inbox", str(tmp_path / "inbox")]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    started = Running(process, tmp_path / "inbox" / "transcripts")
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: started.lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    yield started
    process.kill()
    process.wait(PATIENCE)
    reader.join(PATIENCE)
    process.stdout.close()


def post(url: str, body: bytes, kind: str = "application/json") -> tuple[int, bytes]:
    request = urllib.request.Request(url, body, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.status, answer.read()


def send(port: int, number: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as client:
        client.sendmail(f"customer{number}@example.com", ["support@kujira.example"], MAIL % (number, number))


def test_clients_on_every_door_at_once_are_all_accounted_for(running: Running) -> None:
    url = running.wait_for(r"form\s+(http://\S+)/cases")
    port = int(running.wait_for(r"smtp://127\.0\.0\.1:(\d+)"))
    running.wait_for(r"call\s+(\S+)")
    for name in ("fake-support-call.metadata.json", "fake-support-call.json"):
        shutil.copy(STORY / name, running.inbox / name)
    form = json.dumps({"email": "ann@example.com", "description": "How do I close my account?"}).encode()
    with ThreadPoolExecutor(6) as clients:
        mails = [clients.submit(send, port, number) for number in range(4)]
        forms = [clients.submit(post, f"{url}/cases", form) for _ in range(3)]
        assert [each.result()[0] for each in forms] == [201, 201, 201]
        assert [each.result() for each in mails] == [None] * 4

    link = running.wait_for(rf"({re.escape(url)}/acknowledge\?token=\S+)\n")
    with urllib.request.urlopen(link, timeout=PATIENCE) as page:
        assert page.status == 200
    status, page_after = post(link, b"name=Aoi", "application/x-www-form-urlencoded")
    assert status == 200
    assert b"Aoi" in page_after
    running.wait_for(r"(link: acknowledged)")

    assert running.stop() == 0
    eventually(lambda: "nothing lost" in running.text, "the closing account")
    assert re.search(r"received 8 = ", running.text), running.text
    assert "Traceback" not in running.text
    assert (running.inbox / "done" / "fake-support-call.json").is_file()


def test_it_can_be_stopped_while_nothing_has_happened(running: Running) -> None:
    running.wait_for(r"(is up)")
    assert running.stop() == 0
    eventually(lambda: "received 0 = " in running.text, "the closing account")
