"""Visitors who answer over HTTP while faults strike, and what they were promised.

A visitor here does what a browser does. It saves each choice as the page's script does,
sends a form again after an error, sometimes loads the page again instead, and presses
Finish twice. Everything that a reply acknowledges is written down, and `Storm.verify`
looks for it in the database.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sqlite3
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
RADIO = re.compile(r'<input type="radio" name="([^"]+)" value="([^"]*)"([^>]*)>')
ERROR = re.compile(r'role="alert".*?</div>', re.DOTALL)
COOKIE = "rolefit_key"
PATIENCE = 90  # seconds, after which a visitor or reader would have given up
PROBE_TIMEOUT = 10  # seconds
SECTIONS = {"full": 6, "short": 3}
READ = ("/", "/skills/", "/method/", "/healthz")
BROKEN = (OSError, HTTPException)  # the connection was refused, cut or too slow


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    location: str


class Page:
    """The form of a section, as it was drawn."""

    def __init__(self, text: str) -> None:
        self.fields = {name: unescape(value) for name, value in HIDDEN.findall(text)}
        self.buttons: dict[str, list[str]] = defaultdict(list)
        self.marked: dict[str, str] = {}
        for name, value, attributes in RADIO.findall(text):
            self.buttons[name].append(value)
            if "checked" in attributes:
                self.marked[name] = value

    @property
    def stored(self) -> dict[str, str]:
        """The answers that the page says are stored."""
        return {
            name.removeprefix("was-"): value
            for name, value in self.fields.items()
            if name.startswith("was-") and value
        }


@dataclass
class Storm:
    """What all visitors saw. `ports` are those of the nodes."""

    ports: Sequence[int]
    seed: int
    seen: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    # Owner key to question to the value that was acknowledged last.
    promised: dict[str, dict[str, str]] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    journeys: int = 0
    # No server process lives, so nothing can be read. Several may be down at once.
    down: set[int] = field(default_factory=set)

    def count(self, what: str) -> None:
        with self.lock:
            self.seen[what] += 1

    def blame(self, what: str) -> None:
        with self.lock:
            self.wrong.append(what)

    def address(self) -> str:
        """A network address for one more visitor: the site limits starts of each."""
        with self.lock:
            self.journeys += 1
            return f"10.{self.journeys >> 8 & 255}.{self.journeys & 255}.1"

    @contextmanager
    def raging(self, *, takers: int, think: float = 0.15) -> Iterator[None]:
        """Inside, visitors answer and readers read; at the end, all finish.

        `think`: at most so many seconds between two choices.
        """
        threads = [
            threading.Thread(target=self._watch, args=(Visitor(self, n, think).run,))
            for n in range(takers)
        ]
        threads += [
            threading.Thread(target=self._watch, args=(self._read, port))
            for port in self.ports
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def _watch(self, run: Callable[..., None], *arguments: object) -> None:
        try:
            run(*arguments)
        except Exception as error:
            self.blame(f"{type(error).__name__}: {error}")

    def _read(self, port: int) -> None:
        """Read the article all the time."""
        number, failed = 0, 0
        while not self.over.wait(0.1):
            path = READ[number % len(READ)]
            away = port in self.down
            try:
                answer = ask(port, path, timeout=PROBE_TIMEOUT)
            except BROKEN as error:
                if not away and port not in self.down:
                    # A killed worker takes with it what it had in hand; a browser
                    # asks again.
                    self.count("reads reset")
                    failed += 1
                    if failed == 5:
                        self.blame(f"{path} could not be read: {error!r}")
                continue
            number, failed = number + 1, 0
            self.count("pages read")
            if answer.status != 200:
                self.blame(f"{path} answered {answer.status}")

    def verify(self, rows: Sequence[Row]) -> None:
        """Look in the database for everything that was acknowledged."""
        stored = {row.digest: row for row in rows}
        for key, answers in self.promised.items():
            row = stored.get(hashlib.sha256(key.encode()).hexdigest())
            if row is None:
                self.blame(f"an owner with {len(answers)} saved answers is lost")
                continue
            for question, value in answers.items():
                found = row.answers.get(question, "")
                if ("skip" if found is None else str(found)) != value:
                    self.blame(f"{question} was saved as {value} and is {found!r}")
                self.count("answers found")
            if (row.attempts, row.results) != (1, int(key in self.finished)):
                self.blame(
                    f"{row.attempts} attempts and {row.results} results of one owner"
                )
        for row in rows:
            if row.results > 1:
                self.blame(f"an owner has {row.results} results")


@dataclass(frozen=True, slots=True)
class Row:
    """What the database has of one owner."""

    digest: str
    answers: dict[str, int | None]
    attempts: int
    results: int


def rows_of(folder: Path, database_url: str = "") -> list[Row]:
    """Read by other means than those of the site."""
    query = """
        SELECT key_sha256, answers,
            (SELECT count(*) FROM assessments_attempt a WHERE a.owner_id = o.id),
            (SELECT count(*) FROM assessments_result r WHERE r.owner_id = o.id)
        FROM assessments_owner o JOIN assessments_attempt b ON b.owner_id = o.id
    """
    if database_url:
        with psycopg.connect(database_url) as link:
            found = link.execute(query).fetchall()
    else:
        sqlite = sqlite3.connect(folder / "db.sqlite3", timeout=60)
        try:
            found = sqlite.execute(query).fetchall()
            assert sqlite.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        finally:
            sqlite.close()
    return [
        Row(digest, json.loads(text) if isinstance(text, str) else text, *counts)
        for digest, text, *counts in found
    ]


def ask(
    port: int,
    path: str,
    fields: dict[str, str] | None = None,
    *,
    headers: dict[str, str] | None = None,
    cookies: dict[str, str] | None = None,
    timeout: float = PATIENCE,
    hang_up: bool = False,
) -> Answer:
    """One request. Cookies of the answer are put into `cookies`.

    `hang_up`: close the connection before the answer comes, as a lost network does.
    """
    sent = dict(headers or {})
    if cookies:
        sent["Cookie"] = "; ".join(f"{name}={cookies[name]}" for name in cookies)
    body = None
    if fields is not None:
        body = urlencode(fields)
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    connection = HTTPConnection("localhost", port, timeout=timeout)
    try:
        connection.request("GET" if body is None else "POST", path, body, sent)
        if hang_up:
            raise ConnectionError("hung up")
        reply = connection.getresponse()
        text = reply.read().decode()
    finally:
        connection.close()
    if cookies is not None:
        for line in reply.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                cookies[name] = morsel.value
    return Answer(reply.status, text, reply.headers.get("Location", ""))


class Visitor:
    def __init__(self, storm: Storm, number: int, think: float) -> None:
        self.storm, self.think = storm, think
        self.random = random.Random(f"{storm.seed} {number}")
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.pending: dict[str, set[str]] = {}

    def run(self) -> None:
        while not self.storm.over.is_set():
            self._journey()

    def _journey(self) -> None:
        self.cookies, self.pending = {}, defaultdict(set)
        self.headers = {"X-Forwarded-For": self.storm.address()}
        form = self.random.choice(("full", "short"))
        # Without script, nothing is saved before the button is pressed.
        self.share_of_autosaves = self.random.choice((0, 0.7))
        page = Page(self._get("/quiz/").text)
        fields = {**page.fields, "form": form}
        self._until(lambda: self._post("/quiz/", fields).status == 302)
        self.key = self.cookies[COOKIE]
        self.storm.promised[self.key] = {}
        for number in range(1, SECTIONS[form] + 1):
            self._section(number, last=number == SECTIONS[form])
        if self._get("/quiz/result/").status == 200:
            self.storm.finished.add(self.key)
        else:
            self.storm.blame("a finished result is not there")

    def _section(self, number: int, *, last: bool) -> None:
        path = f"/quiz/{number}/"
        page = self._drawn(path)
        for question, buttons in page.buttons.items():
            # The last button is "Not sure". Many of them would make no result.
            sure = question != "T1"
            value = self.random.choice(buttons[:-1] if sure else buttons)
            page.fields[question] = value
            time.sleep(self.random.uniform(0, self.think))
            if self.random.random() < self.share_of_autosaves:
                page = self._autosave(path, page, question)
        chosen = {question: page.fields[question] for question in page.buttons}
        self._leave(path, page, chosen, "finish" if last else "continue")

    def _drawn(self, path: str) -> Page:
        """The page of a section, which must show what was acknowledged."""
        answer = self._get(path)
        page = Page(answer.text)
        if not page.buttons:
            raise AssertionError(f"{path}: {answer.status} to {answer.location}")
        for question in page.buttons:
            shown = page.stored.get(question)
            known = self.storm.promised[self.key].get(question)
            if shown != known and shown not in self.pending[question]:
                self.storm.blame(f"{question} shows {shown} and not {known}")
        page.fields |= page.marked
        return page

    def _autosave(self, path: str, page: Page, question: str) -> Page:
        """Save one choice as the script does. Returns the page as it then is."""

        def save() -> bool:
            nonlocal page
            chosen = {name: page.fields.get(name, "") for name in page.buttons}
            self._sends(chosen)
            answer = self._try(path, {**page.fields, "action": "autosave"})
            if answer is None and self.random.random() < 0.3:
                # Somebody who loads the page again and chooses again.
                kept, page = page.fields, self._drawn(path)
                page.fields |= {name: kept[name] for name in chosen if name in kept}
                return False
            if answer is None or answer.status == 503:
                return False
            if answer.status != 200:
                raise AssertionError(f"a save answered {answer.status}")
            said = json.loads(answer.text)
            if said["contested"] or said["stored"].get(question) != chosen[question]:
                self.storm.blame(f"a save of {question} was answered by {said}")
            self._acknowledge(said["stored"])
            page.fields |= {
                f"was-{name}": told for name, told in said["stored"].items()
            }
            return True

        self._until(save)
        return page

    def _leave(
        self, path: str, page: Page, chosen: dict[str, str], action: str
    ) -> None:
        """Press the button under the questions until the next page comes."""

        def press() -> bool:
            nonlocal page
            fields = {**page.fields, **chosen, "action": action}
            self._sends(chosen)
            if action == "finish" and self.random.random() < 0.5:
                twin = threading.Thread(target=self._try, args=(path, fields))
                twin.start()
                answer = self._try(path, fields)
                twin.join()
            else:
                answer = self._try(path, fields)
            if answer is None:
                return False
            if answer.status == 503:
                page = self._unsaved(path, answer, chosen)
                return False
            if answer.status != 302 or answer.location == "/quiz/":
                raise AssertionError(
                    f"{path} answered {answer.status} to {answer.location}"
                )
            if action != "finish" and answer.location == "/quiz/result/":
                raise AssertionError(f"{path}: the answers are gone")
            self._acknowledge(chosen)
            return True

        self._until(press)

    def _unsaved(self, path: str, answer: Answer, chosen: dict[str, str]) -> Page:
        """The page that says that nothing was saved must still have the choices."""
        again = Page(answer.text)
        self.storm.count("pages not saved")
        lost = {
            question: value
            for question, value in chosen.items()
            if again.marked.get(question) != value
        }
        if lost:
            self.storm.blame(f"{path} lost the choices {lost}")
            return self._drawn(path)
        return again

    def _sends(self, chosen: dict[str, str]) -> None:
        for question, value in chosen.items():
            self.pending[question].add(value)

    def _acknowledge(self, stored: dict[str, str]) -> None:
        self.storm.promised[self.key] |= stored
        for question in stored:
            self.pending[question].clear()
        self.storm.count("saves acknowledged")

    def _until(self, done: Callable[[], bool]) -> None:
        latest = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > latest:
                raise AssertionError("the site did not come back")
            time.sleep(self.random.uniform(0.05, 0.3))

    def _get(self, path: str) -> Answer:
        """A page that is not 503, sooner or later."""
        found: list[Answer] = []

        def read() -> bool:
            answer = self._try(path)
            if answer is not None and answer.status != 503:
                found.append(answer)
            return bool(found)

        self._until(read)
        return found[0]

    def _post(self, path: str, fields: dict[str, str]) -> Answer:
        return self._try(path, fields) or Answer(0, "", "")

    def _try(self, path: str, fields: dict[str, str] | None = None) -> Answer | None:
        """One request to any node. None where no answer came."""
        hang_up = fields is not None and self.random.random() < 0.02
        try:
            answer = ask(
                self.random.choice(self.storm.ports),
                path,
                fields,
                headers=self.headers,
                cookies=self.cookies,
                hang_up=hang_up,
            )
        except BROKEN:
            self.storm.count("requests without an answer")
            return None
        if answer.status == 503:
            self.storm.count("answers with 503")
        elif answer.status not in (200, 302):
            said = " ".join("".join(ERROR.findall(answer.text)).split())
            self.storm.blame(f"{path} answered {answer.status}: {said}")
        return answer
