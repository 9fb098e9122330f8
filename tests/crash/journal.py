"""What a journal says, and what it must never say."""
import collections
import json

ENDS = ("node.finished", "node.failed", "node.retrying")


class Broken(Exception):
    """Something does not hold; the text says what."""


def check(holds, what):
    if not holds:
        raise Broken(what)


def differences(before, after):
    """The first few lines that only one of the two has, or has more often."""
    old, new = collections.Counter(before or []), collections.Counter(after or [])
    return sorted(f"- {line[:300]}" for line in old - new)[:3] + sorted(f"+ {line[:300]}" for line in new - old)[:3]


def read(path):
    """The events of a journal. All lines but a torn last one must be whole, and their numbers without gaps."""
    events = []
    lines = path.read_bytes().split(b"\n")
    for place, line in enumerate(lines):
        try:
            event = json.loads(line)
        except ValueError:
            check(place == len(lines) - 1, f"line {place + 1} of {path.name} is torn and not the last")
            break
        if place == len(lines) - 1:  # whole, but for its newline
            break
        check(event["n"] == len(events) + 1, f"event {event['n']} of {path.name} stands at {len(events) + 1}")
        events.append(event)
    check(not events or events[0]["type"] == "run.started", "the first event is no run.started")
    return events


def key(event):
    """The idempotency key of the attempt that an event is about, without the run."""
    parts = [event["node_id"], *event.get("scope", [])]
    return "/".join(str(part) for part in parts + ([event["index"]] if "index" in event else []))


class Attempts:
    """Who was started, who was on the way when the process died; raises when anything is done twice."""

    def __init__(self, events):
        self.started = collections.Counter()
        self.cut_off = collections.Counter()  # attempts that were in flight when a part of the run was killed
        self.in_flight = set()
        self.ended = set()
        self.status = None
        for event in events:
            self._add(event)

    def _add(self, event):
        kind = event["type"]
        if kind == "run.resumed":
            self.cut_off.update(self.in_flight)
            self.in_flight.clear()
        elif kind == "run.finished":
            self.status = event["status"]
        elif kind == "node.started":
            self._start(key(event))
        elif kind in ENDS:
            self._end(key(event), kind)

    def _start(self, name):
        check(name not in self.ended, f"{name} had ended and was started again")
        check(name not in self.in_flight, f"{name} was started while it was on its way")
        self.started[name] += 1
        self.in_flight.add(name)

    def _end(self, name, kind):
        check(name not in self.ended, f"{name} ended twice")
        self.in_flight.discard(name)
        if kind != "node.retrying":
            self.ended.add(name)
