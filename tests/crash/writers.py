"""Kills each command that writes refs or hooks at each of its calls; writers.sh says how to call it."""
import collections
import dataclasses
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import typing

from desk import Desk
from journal import Broken, check

LOCK_IS_STALE_AFTER = 2.2  # seconds; the lock of a ref that a killed oe left


def nothing(_desk):
    pass


def moved_on(desk):
    """The base of the proposal is not HEAD any more, so it can be rebased."""
    (desk.repository / "more.txt").write_text("meanwhile\n")
    desk.git("add", "more.txt")
    desk.git("commit", "-qm", "meanwhile")
    desk.call("trust")


def decided_elsewhere(desk):
    """Another clone knows the proposal and has rejected it; the remote has that, and this clone has not."""
    desk.git("push", "-q", "origin", desk.branch())
    desk.call("sync", "push")
    second = desk.directory / "second"
    desk.git("clone", "-q", str(desk.directory / "remote.git"), str(second))
    other = Desk(desk.oe, desk.directory)
    other.repository = second
    other.call("sync", "fetch")
    other.git("branch", "-q", desk.branch(), "origin/" + desk.branch())
    other.call("reject", desk.branch(), "--why", "naps are good")
    other.call("sync")


def accepted(desk):
    desk.call("accept", "--merge", desk.branch())


def unneeded(desk):
    desk.git("update-ref", "refs/oe/evidence/0123abc", desk.git("for-each-ref", "--format=%(objectname)", "refs/oe/evidence").split()[0])


@dataclasses.dataclass
class Writer:
    """A command that is killed. ID stands for the proposal."""
    words: tuple
    prepare: typing.Callable = nothing
    moves: bool = False  # HEAD, its branch and the files of the proposal
    done: str = ""       # what it says when it is called again and nothing is left to do; then its exit code is not 0
    undo: bool = True    # oe undo takes it back
    steps: bool = False  # files and HEAD are moved one after the other: between the two the next oe says what ends it

    @property
    def name(self):
        return " ".join(self.words)


WRITERS = [
    Writer(("accept", "ID"), moves=True, done="is not open"),
    Writer(("accept", "--pick", "ID"), moves=True, done="is not open"),
    Writer(("accept", "--squash", "ID"), moves=True, done="is not open"),
    Writer(("accept", "--merge", "ID"), moves=True, done="is not open"),
    Writer(("reject", "ID", "--why", "no"), done="is closed"),
    Writer(("rebase", "ID", "--no-sandbox"), prepare=moved_on, done="already"),
    Writer(("undo",), prepare=accepted, moves=True, undo=False, steps=True),
    Writer(("sync",), prepare=decided_elsewhere, undo=False),
    Writer(("sync", "push"), undo=False),
    Writer(("sync", "fetch", "--runs"), prepare=decided_elsewhere, undo=False),
    Writer(("gc", "--unused", "0"), prepare=unneeded),
    Writer(("submit", "ID", "--base", "main"), undo=False),
    Writer(("hooks", "install"), undo=False),
    Writer(("hooks", "uninstall"), prepare=lambda desk: desk.call("hooks", "install"), undo=False),
]


class Case:
    """One writer, what was there before, and what is there when nobody kills it."""

    def __init__(self, writer, template, library, directory):
        self.writer, self.library, self.directory = writer, library, directory
        self.before = template.copy(directory / "before")
        writer.prepare(self.before)
        self.id = (self.before.branch() or "oe/x/none").rpartition("/")[2]
        self.words = tuple(self.id if word == "ID" else word for word in writer.words)
        self.oe_before = self.before.of_oe()
        let_be = self.before.copy(directory / "let-be")
        self.calls = self.count(let_be)
        self.user_after, self.oe_after = let_be.of_the_user(), let_be.of_oe()

    def faults(self, desk, **more):
        return {"LD_PRELOAD": self.library, "OE_FAULT_IN": f"{desk.repository}/", "OE_FAULT_SPAWN": "1",
                **{f"OE_FAULT_{name.upper()}": str(value) for name, value in more.items()}}

    def count(self, desk):
        log = desk.directory / "calls"
        desk.call(*self.words, **self.faults(desk, log=log))
        return [line.partition(" ")[2].replace(f"{desk.repository}/", "") for line in log.read_text().splitlines()]

    def strike(self, number, how, ending):
        """A desk where the command was killed."""
        desk = self.before.copy(self.directory / f"{number}-{how}-{ending}")
        exact = desk.exactly()
        ended = desk.call(*self.words, code=None, **self.faults(desk, at=number, how=how))
        check(ended.returncode in (0, -signal.SIGKILL), f"it ended with {ended.returncode}: {ended.stderr[-600:]}")
        desk.expect_no_orphans()
        if not self.writer.moves:
            compare("what is the user's", exact, desk.exactly())
        return desk

    def go_on(self, desk):
        """The command is typed again, and all is as if nobody had killed it."""
        if self.writer.moves:
            now = desk.of_the_user()
            said = desk.call("proposals").stderr
            is_whole = now in (self.before.of_the_user(), self.user_after)
            check(is_whole or (self.writer.steps and "was cut off" in said), f"between before and after: {now}")
        if desk.locks():
            time.sleep(LOCK_IS_STALE_AFTER)
        self.again(desk)
        compare("what is the user's", self.user_after, desk.of_the_user())
        compare("what is of oe", self.oe_after, desk.of_oe())
        self.expect_tidy(desk)

    def again(self, desk):
        if self.writer.words == ("undo",) and self.is_undone(desk):
            return
        ended = desk.call(*self.words, code=None)
        is_done = ended.returncode == 0 or (self.writer.done and self.writer.done in ended.stderr)
        check(is_done, f"again, it ended with {ended.returncode}: {ended.stdout[-600:]}{ended.stderr[-600:]}")

    def is_undone(self, desk):
        return json.loads(desk.call("undo", "--list", "--json").stdout)["commands"][0]["undone"]

    def take_back(self, desk):
        """oe undo takes back what the killed command had done, or nothing of it was done."""
        words = json.loads(desk.call("undo", "--list", "--json").stdout)["commands"][0]["command"]
        if words.startswith(f"oe {self.writer.words[0]}"):
            if desk.locks():
                time.sleep(LOCK_IS_STALE_AFTER)
            desk.call("undo")
        compare("what is the user's, taken back,", self.before.of_the_user(), desk.of_the_user())
        compare("what is of oe, taken back,", without_evidence(self.oe_before), without_evidence(desk.of_oe()))
        self.expect_tidy(desk)

    @staticmethod
    def expect_tidy(desk):
        check(not desk.locks(), f"locks are left: {desk.locks()}")
        worktrees = desk.repository / ".openexpertise" / "worktrees"
        check(not worktrees.is_dir() or not list(worktrees.iterdir()), "a worktree is left")
        desk.git("fsck", "--strict", "--no-dangling", "--no-progress")


def without_evidence(of_oe):
    return {**of_oe, "refs": {name for name in of_oe["refs"] if name.startswith("refs/heads/")}}


def compare(what, wanted, got):
    for part in wanted:
        was, now = ({*map(repr, of[part].items() if isinstance(of[part], dict) else of[part])} if not isinstance(of[part], str)
                    else {*of[part].splitlines()} for of in (wanted, got))
        check(was == now, f"{what} is not the same: {part}: - {sorted(was - now)} + {sorted(now - was)}")


def settlings(writer):
    return ("go_on", "take_back") if writer.undo else ("go_on",)


def sweep(case, step, only):
    """Every step-th call."""
    table, failures = collections.Counter(), 0
    for number in range(1, len(case.calls) + 1):
        for turn, (how, ending) in enumerate((how, ending) for how in ("before", "after") for ending in settlings(case.writer)):
            if only not in (None, (number, how, ending)) or (not only and (number + turn) % step != 0):
                continue
            place = f"{number} {how} {ending}"
            try:
                desk = case.strike(number, how, ending)
                getattr(case, ending)(desk)
            except Broken as broken:
                failures += 1
                print(f"FAILED: oe {case.writer.name}: {place} ({case.calls[number - 1]}): {broken}\n"
                      f"  kept: {case.directory}\n  again: tests/crash/writers.sh 1 '{case.writer.name}' {place}", flush=True)
                continue
            table[ending] += 1
            shutil.rmtree(desk.directory)
    print(f"oe {case.writer.name}: {len(case.calls)} calls, {table['go_on']} kills and on, {table['take_back']} kills and undone, "
          f"{failures} failures", flush=True)
    return failures


def main(step, command=None, number=None, how=None, ending=None):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="oe-writers-"))
    template = Desk.set_up(os.environ["OE"], pathlib.Path(__file__).parent / "letters", scratch / "template")
    failures = 0
    for writer in WRITERS:
        if command in (None, writer.name):
            case = Case(writer, template, os.environ["OE_FAULT_LIBRARY"], scratch / writer.name.replace(" ", "-"))
            failures += sweep(case, int(step), (int(number), how, ending) if number else None)
    if not failures:
        shutil.rmtree(scratch)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
