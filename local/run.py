"""``python -m local run``: the same system staying up, for a mail client, a browser and a folder to talk to.

Everything that touches the stack does so in one thread: moto is no server, and the functions share this process. Clients
wait their turn in that thread's queue.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TypeVar

from local.arrival import Arrival
from local.aws.stack import Backend, Stack
from local.display import Display, short
from local.filing import NOBODY_VOUCHED, VOUCHED, Envelope
from local.intake import Intake
from local.scenes import METADATA, metadata_of, sidecar
from local.scenes import STORY as STORY_FOLDER
from local.smtp import free_port, serve
from local.web import Answer, Web

HOST = "127.0.0.1"
"""Nobody but this machine."""
LOOKING = 1.0
"""Seconds between two looks into the folder."""
CHASING = 60.0
"""Seconds between two sweeps of the chaser, as its schedule has it."""
ENOUGH = 60.0
"""Seconds an HTTP client waits for its turn."""
TRANSCRIPTS, DONE = "transcripts", "done"
Result = TypeVar("Result")
STORY = Path(os.path.relpath(STORY_FOLDER))
"""Whence the examples take their files, as the reader would type it."""
SEND = "import smtplib as s; s.SMTP('{}', {}).sendmail('ann@example.com', ['support@kujira.example'], open('{}', 'rb').read())"


@dataclass(frozen=True, slots=True)
class Settings:
    """What was asked for."""

    backend: Backend
    port: int
    smtp_port: int
    inbox: Path
    sender_authenticated: bool


class CannotListen(Exception):
    """A port is taken; the message is one sentence for the person who asked."""


def run(settings: Settings) -> int:
    """Stay up until interrupted. 0 when everything that arrived is accounted for."""
    stopping = Event()
    for signalled in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signalled, lambda *_: stopping.set())
    display = Display(zone=None)
    try:
        with opened(settings, display) as house:
            house.stay(stopping)
            display.note("Stopping.")
    except CannotListen as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if display.totals(house.arrivals) else 1


@contextmanager
def opened(settings: Settings, display: Display) -> Iterator[House]:
    """Start the system and its doors; stop the doors before the system. Raises ``CannotListen`` before anything is slow."""
    web_port, smtp_port = _free(settings.port, "--port"), _free(settings.smtp_port, "--smtp-port")
    url = f"http://{HOST}:{web_port}"
    display.note(f"Starting the system on this machine ({settings.backend}); a few seconds.")
    with ExitStack() as closing:
        worker = closing.enter_context(ThreadPoolExecutor(1, thread_name_prefix="stack"))
        started = _Started(worker, url, settings.backend)
        closing.callback(started.stop)
        house = House(worker, started.intake, display, settings)
        closing.callback(Web(house.ask, HOST, web_port).stop)
        closing.callback(serve(house.file, HOST, smtp_port).stop)
        house.introduce(url, smtp_port)
        yield house


class _Started:
    """A stack that is started, used and stopped in the worker's thread."""

    def __init__(self, worker: ThreadPoolExecutor, url: str, backend: Backend) -> None:
        self._worker = worker
        self._closing = ExitStack()
        self.intake = worker.submit(self._start, url, backend).result()

    def _start(self, url: str, backend: Backend) -> Intake:
        return Intake(self._closing.enter_context(Stack.start({"PublicUrl": url}, backend=backend)))

    def stop(self) -> None:
        self._worker.submit(self._closing.close).result()


@dataclass
class House:
    """The system with its doors open."""

    worker: ThreadPoolExecutor
    intake: Intake
    display: Display
    settings: Settings
    arrivals: list[Arrival] = field(default_factory=list)
    _sizes: dict[Path, int] = field(default_factory=dict)

    # --- the doors; called from other threads -------------------------------------------------------------------------------

    def file(self, raw: bytes, envelope: Envelope) -> Future[None]:
        """Take a mail from a client; done when the system has it."""
        return self._queue("mail", lambda: self._mail(raw, envelope))

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request in its turn."""
        try:
            return self._queue(f"{method} request", lambda: self._request(method, path, headers, body)).result(ENOUGH)
        except TimeoutError:
            return Answer(503, {"Retry-After": "5"}, b"Too much to do just now.\n")
        except Exception:  # noqa: BLE001 - a gateway answers whatever happens behind it; the worker has shown what it was
            return Answer(500, {}, b"Internal Server Error\n")

    # --- what goes on by itself ----------------------------------------------------------------------------------------------

    def stay(self, stopping: Event) -> None:
        """Look into the folder and let the clock run until told to stop."""
        chased = time.monotonic()
        while not stopping.wait(LOOKING):
            self.look()
            if time.monotonic() - chased >= CHASING:
                chased = time.monotonic()
                wait([self._queue("chaser", self._chase)])

    def look(self) -> None:
        """Take the transcripts that have been written to the end: those as large as when last looked at."""
        sizes = {file: file.stat().st_size for file in self.folder.glob("*.json") if not file.name.endswith(METADATA)}
        for file, size in sorted(sizes.items()):
            if self._sizes.get(file) == size:
                wait([self._queue(file.name, partial(self._call, file))])
        self._sizes = {file: size for file, size in sizes.items() if file.is_file()}

    @property
    def folder(self) -> Path:
        """Where transcripts are dropped."""
        return self.settings.inbox / TRANSCRIPTS

    def introduce(self, url: str, smtp_port: int) -> None:
        """Say where everything is, with a line to try each by."""
        self.folder.mkdir(parents=True, exist_ok=True)
        form = '{"email": "ann@example.com", "description": "My deposit has not arrived."}'
        send = SEND.format(HOST, smtp_port, STORY / "hannah-withdrawal.eml")
        self.display.heading("casework is up. Stop it with Ctrl-C.")
        for door, where, example in (
            ("form", f"{url}/cases", f"curl -s {url}/cases -H 'Content-Type: application/json' -d '{form}'"),
            ("mail", f"smtp://{HOST}:{smtp_port}", f'python3 -c "{send}"'),
            ("call", str(self.folder), f"cp {STORY}/fake-support-call*.json {self.folder}/"),
        ):
            self.display.example(door, where, example)

    # --- in the worker's thread ------------------------------------------------------------------------------------------------

    def _queue(self, what: str, job: Callable[[], Result]) -> Future[Result]:
        return self.worker.submit(self._run, what, job)

    def _run(self, what: str, job: Callable[[], Result]) -> Result:
        """Show what goes wrong where it is seen; whoever waits for the job is told as well."""
        try:
            return job()
        except Exception as error:
            self.display.problem(f"{what}: {type(error).__name__}: {error}")
            raise

    def _mail(self, raw: bytes, envelope: Envelope) -> None:
        verdicts = VOUCHED if self.settings.sender_authenticated else NOBODY_VOUCHED
        self._show(self.intake.deliver(self.intake.mail("", raw, verdicts, envelope)))

    def _request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        answer = self.intake.request(method, path, headers, body)
        self._show(self.intake.arrivals())
        self._answered(method, path.partition("?")[0], answer.status)
        return Answer(answer.status, answer.headers, answer.body)

    def _answered(self, method: str, path: str, status: int) -> None:
        """Say what a visit to the API came to, where no message says it. The token in a link is nobody else's business."""
        if (method, path) == ("POST", "/acknowledge"):
            seen = next(
                (line for _, line in reversed(self.intake.stack.logs) if line.get("message") == "acknowledge_answered"), {}
            )
            self.display.happened(f"link: {seen.get('state', status)}, case {short(seen.get('case', ''))}", datetime.now(UTC))
        elif status >= 400:
            self.display.happened(f"{method} {path} answered {status}", datetime.now(UTC))

    def _call(self, file: Path) -> None:
        """A transcript goes on to another folder, with what lies beside it, so that it is taken once."""
        raw, metadata = file.read_bytes(), self._metadata(file)
        self._put_away(file)
        self._show(self.intake.deliver(self.intake.call(file.name, raw, metadata)))

    def _metadata(self, file: Path) -> dict[str, str]:
        try:
            return metadata_of(file)
        except ValueError as error:
            self.display.problem(f"{file.name} is taken without its metadata: {error}")
            return {}

    def _chase(self) -> None:
        self.intake.stack.tick(datetime.now(UTC))
        self.intake.stack.pump()
        self._show(self.intake.arrivals())

    def _show(self, arrivals: list[Arrival]) -> None:
        for each in arrivals:
            self.arrivals.append(each)
            self.display.arrived(each, datetime.now(UTC))
        for team, told in self.intake.notifications():
            self.display.notified(team, told.subject)
            self.display.link(next((word for word in told.message.split() if "/acknowledge?token=" in word), ""))

    def _put_away(self, file: Path) -> None:
        target = self.folder / DONE
        target.mkdir(exist_ok=True)
        for each in (file, sidecar(file)):
            if each.is_file():
                shutil.move(each, target / each.name)


def _free(port: int, option: str) -> int:
    try:
        return free_port(HOST, port)
    except OSError as error:
        raise CannotListen(f"Port {port} on {HOST} is taken; choose another with {option}.") from error
