"""A journey: steps with checks, whose results are written to the report at once."""

import contextlib
import json
import re
import time
import traceback
from urllib.parse import parse_qsl, urlsplit

PATIENCE = 20.0
"""The timeout of `until`, in seconds."""


def show(value):
    return repr(value)[:600]


def refusal(error):
    """Returns the HTTP status, the error code and the text of an SDK's exception."""
    status = getattr(error, "status_code", None)
    code = getattr(error, "code", getattr(error, "error_code", None))
    return {"status": status, "code": code, "message": str(error)}


class Journey:
    def __init__(self, name, report, exchanges):
        self.name = name
        self._report = report
        self._exchanges = exchanges
        self._step = "start"
        self._count = 0

    @contextlib.contextmanager
    def step(self, title):
        """Runs a part of the journey. An exception fails only this step."""
        self._step = title
        self._exchanges.clear()
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises is the finding
            got = refusal(error)
            if got["status"] is None:
                text = "".join(traceback.format_exception(error))[-600:]
            else:
                text = f"{got['status']}, code {got['code']}: {got['message']}"
            self._write(False, "runs through", "no exception", text)

    def ok(self, value, what):
        self._write(bool(value), what, "a true value", show(value))

    def equal(self, actual, expected, what):
        self._write(actual == expected, what, show(expected), show(actual))

    def same_set(self, actual, expected, what):
        """Compares lists whose order does not matter."""
        self.equal(sorted(actual or []), sorted(expected), what)

    def includes(self, container, item, what):
        found = container is not None and item in container
        self._write(found, what, f"one with {item!r}", show(container))

    def excludes(self, container, item, what):
        absent = container is not None and item not in container
        self._write(absent, what, f"one without {item!r}", show(container))

    def refuses(self, call, what, status=None, code=None, says=None):
        """Checks that a call is refused with this status, this code and a text that `says` matches."""
        expected = show({"status": status, "code": code, "says": says})
        try:
            result = call()
        except Exception as error:  # noqa: BLE001
            got = refusal(error)
            fits = (
                (status is None or got["status"] == status)
                and (code is None or got["code"] == code)
                and (says is None or re.search(says, got["message"]) is not None)
            )
            self._write(fits, what, expected, show(got))
            return
        self._write(False, what, expected, f"accepted: {show(result)}")

    def until(self, probe, what):
        """Waits until the function returns a true value, and returns it."""
        deadline = time.monotonic() + PATIENCE
        value = probe()
        while not value and time.monotonic() < deadline:
            time.sleep(0.05)
            value = probe()
        self._write(bool(value), what, "it happens in time", show(value))
        return value

    def id(self, stem):
        """Returns an identifier that no other journey uses."""
        self._count += 1
        return f"{stem}-{self.name}-{self._count}".replace("_", "-")

    def finish(self):
        self._line({"finished": True})

    def _write(self, passed, check, expected, got):
        line = {"step": self._step, "check": check, "passed": passed}
        if not passed:
            line.update(expected=expected, got=got, after=self._exchanges.recent())
            line["not_emulated"] = self._exchanges.not_emulated()
        self._line(line)

    def _line(self, content):
        with open(self._report, "a", encoding="utf-8") as report:
            report.write(json.dumps({"journey": self.name, **content}) + "\n")


class Exchanges:
    """The latest requests of a step with their responses."""

    def __init__(self):
        self._list = []

    def clear(self):
        self._list = []

    def add(self, method, url, request, status, response):
        """Records a request and a response, which are texts, bytes or None."""
        parts = urlsplit(url)
        query = [pair for pair in parse_qsl(parts.query) if pair[0] != "api_key"]
        target = parts.path + ("?" + "&".join("=".join(pair) for pair in query) if query else "")
        sent, came = _text(request), _text(response)
        text = f"{method.upper()} {target} {sent[:300]} -> {status} {came[:300]}"
        self._list.append((text, status, came))

    def recent(self):
        return [text for text, _, _ in self._list[-2:]]

    def not_emulated(self):
        if not self._list or self._list[-1][1] != 501:
            return None
        text, _, came = self._list[-1]
        said = re.search(r"(\w+) is not emulated", came)
        return said.group(1) if said else " ".join(text.split(" ")[:2])


def _text(body):
    if isinstance(body, bytes):
        return body.decode("utf-8", "replace")
    return body if isinstance(body, str) else ""
