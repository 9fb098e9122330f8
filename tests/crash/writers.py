"""Kills each command that writes refs or hooks at each of its calls; writers.sh says how to call it."""
import dataclasses
import functools
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time
import typing

from desk import Desk, KINDS
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
    other = desk.elsewhere(desk.directory)
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
    git: tuple = ()      # the git commands that move what is the user's: killed, too, in the middle of it
    steps: bool = False  # files and HEAD are moved one after the other: between the two the next oe says what ends it

    @property
    def name(self):
        return " ".join(self.words)


WRITERS = [
    Writer(("accept", "ID"), moves=True, git=("merge",), done="is not open"),
    Writer(("accept", "--pick", "ID"), moves=True, git=("cherry-pick",), done="is not open"),
    Writer(("accept", "--squash", "ID"), moves=True, git=("merge",), done="is not open"),
    Writer(("accept", "--merge", "ID"), moves=True, git=("merge",), done="is not open"),
    Writer(("reject", "ID", "--why", "no"), done="is closed"),
    Writer(("rebase", "ID", "--no-sandbox"), prepare=moved_on, done="already"),
    Writer(("undo",), prepare=accepted, moves=True, undo=False, git=("read-tree", "update-ref"), steps=True),
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

        self.in_git = [(word, number) for word in writer.git
                       for number in range(1, len(self.count(self.before.copy(directory / f"let-be-{word}"), git=word)) + 1)]

    def faults(self, desk, **more):
        return {"LD_PRELOAD": self.library, "OE_FAULT_IN": f"{desk.directory}/", "OE_FAULT_SPAWN": "1",
                **{f"OE_FAULT_{name.upper()}": str(value) for name, value in more.items()}}

    def count(self, desk, **more):
        log = desk.directory / "calls"
        desk.call(*self.words, **self.faults(desk, log=log, **more))
        return [line.partition(" ")[2].replace(f"{desk.directory}/", "") for line in log.read_text().splitlines()]

    def be_killed(self, desk, **where):
        """It may need a call less than when it was counted, and so get to its end."""
        ended = desk.call(*self.words, code=None, **self.faults(desk, **where))
        check(ended.returncode in (0, -signal.SIGKILL), f"it ended with {ended.returncode}: {ended.stderr[-600:]}")
        desk.expect_no_orphans()

    def strike(self, number, how, ending):
        """A desk where the command was killed."""
        desk = self.before.copy(self.directory / f"{number}-{how}-{ending}")
        exact = desk.exactly()
        self.be_killed(desk, at=number, how=how)
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

    def killed_with_git(self, word, number):
        """Both are killed in the middle of git's work: all is as before or after, or oe says how the user mends it."""
        desk = self.before.copy(self.directory / f"{word}-{number}")
        self.be_killed(desk, git=word, at=number, how="after")
        if desk.of_the_user() not in (self.before.of_the_user(), self.user_after) or desk.locks():
            self.mend_as_told(desk)
        self.again(desk)
        now = desk.of_the_user()
        compare("what is the user's", {**self.user_after, "index": ""}, {**now, "index": ""})
        self.expect_tidy(desk)
        shutil.rmtree(desk.directory)

    def mend_as_told(self, desk):
        said = desk.call(*self.words, code=None).stderr
        ways = ("git restore", "remove the file manually", "stash failed", "git status tells how")
        is_done = desk.of_the_user() in (self.before.of_the_user(), self.user_after)
        check(is_done or any(way in said for way in ways), f"it does not say how to mend it: {said}")
        for lock in desk.locks():
            os.remove(lock)
        if "git restore" in said:
            desk.git("restore", "--source=HEAD", "--staged", "--worktree", "experience.yaml")
        for mark, word in (("MERGE_HEAD", "merge"), ("CHERRY_PICK_HEAD", "cherry-pick")):
            if (desk.git_dir / mark).exists():
                desk.git(word, "--abort")

    def again(self, desk):
        if self.writer.words == ("undo",) and self.is_undone(desk):
            return  # else it would be about the command before
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
        worktrees = desk.ledger() / "worktrees"
        check(not worktrees.is_dir() or not list(worktrees.iterdir()), "a worktree is left")
        desk.git("fsck", "--strict", "--no-dangling", "--no-progress")


def without_evidence(of_oe):
    return {**of_oe, "refs": {name for name in of_oe["refs"] if name.startswith("refs/heads/")}}


def compare(what, wanted, got):
    for part in wanted:
        was, now = ({*map(repr, of[part].items() if isinstance(of[part], dict) else of[part])} if not isinstance(of[part], str)
                    else {*of[part].splitlines()} for of in (wanted, got))
        check(was == now, f"{what} is not the same: {part}: - {sorted(was - now)} + {sorted(now - was)}")


def strikes(case):
    """All: the number of the call, how it is struck, and what is done then."""
    endings = ("go_on", "take_back") if case.writer.undo else ("go_on",)
    return list(itertools.product(range(1, len(case.calls) + 1), ("before", "after"), endings))


def carry_out(case, chosen, kind):
    """Gives the number of failures."""
    failures = 0
    for number, how, ending in chosen:
        try:
            desk = case.strike(number, how, ending)
            getattr(case, ending)(desk)
        except Broken as broken:
            failures += 1
            print(f"FAILED: oe {case.writer.name} ({kind}): {how} call {number} ({case.calls[number - 1]}), {ending}: {broken}\n"
                  f"  kept: {case.directory}\n"
                  f"  again: tests/crash/writers.sh all {kind} '{case.writer.name}' {number} {how} {ending}", flush=True)
            continue
        shutil.rmtree(desk.directory)
    print(f"oe {case.writer.name} ({kind}): {len(case.calls)} calls, {len(chosen)} kills, {failures} failures", flush=True)
    return failures


def carry_out_in_git(case, chosen, kind):
    """Gives the number of failures."""
    failures = 0
    for word, number in chosen:
        try:
            case.killed_with_git(word, number)
        except Broken as broken:
            failures += 1
            print(f"FAILED: oe {case.writer.name} ({kind}): git {word} killed behind call {number}: {broken}\n  kept: {case.directory}", flush=True)
    if chosen:
        print(f"oe {case.writer.name} ({kind}): killed with its git {len(chosen)} times, {failures} failures", flush=True)
    return failures


def main(most="all", kind=None, command=None, *only):
    seed = os.environ.get("RANDOM_SEED") or str(time.time_ns())
    print(f"RANDOM_SEED={seed}", flush=True)
    dice = random.Random(seed)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="oe-writers-"))
    template = functools.cache(lambda each: Desk.set_up(os.environ["OE"], pathlib.Path(__file__).parents[2] / "fixtures/letters", scratch / each, each))
    failures = 0
    for writer in WRITERS:
        # A few strikes are in one kind of repository, by turns.
        if command not in (None, writer.name):
            continue
        for each in [kind] if kind else KINDS if most == "all" else [dice.choice(KINDS)]:
            case = Case(writer, template(each), os.environ["OE_FAULT_LIBRARY"], scratch / f"{each}-{writer.name}".replace(" ", "-"))
            possible = [(int(only[0]), *only[1:])] if only else strikes(case)
            chosen = possible if most == "all" else sorted(dice.sample(possible, min(len(possible), int(most))))
            failures += carry_out(case, chosen, each)
            in_git = case.in_git if most == "all" else dice.sample(case.in_git, min(len(case.in_git), int(most)))
            failures += 0 if only else carry_out_in_git(case, in_git, each)
    if not failures:
        shutil.rmtree(scratch)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
