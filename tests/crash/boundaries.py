"""Strikes at each call of oe that changes a file of the record; boundaries.sh says how to call it."""
import collections
import os
import pathlib
import shutil
import signal
import sys
import tempfile

import journal
from expected import Expected
from journal import Broken, check
from world import World

KILLS = ("before", "half", "most", "after")
TORN = ("half", "most")  # writes only
NO_SPACE = ("full", "hiccup")
WORKFLOW = "small.yaml"
LAST_EVENT = {"run": "run.finished", "resume": "run.finished", "answer": "node.answered"}
ANSWER = ("answer", "last", "gate", "--approve")


class Striker:
    """Runs oe with the library that strikes."""

    def __init__(self, library):
        self.library = library

    def calls(self, world, words):
        """All calls that may be struck at, as an uninterrupted oe makes them."""
        log = world.directory / "calls"
        world.call(*words, LD_PRELOAD=self.library, OE_FAULT_LOG=str(log))
        return [line.partition(" ")[2].replace(f"{world.repository}/.openexpertise/", "") for line in log.read_text().splitlines()]

    def strike(self, world, words, number, how):
        """False when there was no such call this time."""
        faults = {"LD_PRELOAD": self.library, "OE_FAULT_AT": str(number), "OE_FAULT_HOW": how}
        ended = world.call(*words, code=None, **faults)
        world.expect_no_orphans()
        if ended.returncode == 0:
            last = journal.read(world.journals()[-1])[-1]["type"]
            check(last == LAST_EVENT[words[0]], f"it says that all is well, and the journal ends with {last}")
        if how in KILLS:
            check(ended.returncode in (0, -signal.SIGKILL), f"it ended with {ended.returncode}: {ended.stderr[-600:]}")
            return ended.returncode != 0
        check(ended.returncode in (0, 4), f"on a full disk it ended with {ended.returncode}: {ended.stderr[-600:]}")
        if ended.returncode == 4:
            check(".openexpertise" in ended.stderr, f"it does not name the file: {ended.stderr[-600:]}")
        return ended.returncode == 4


def cut_in_the_middle(striker, template, directory):
    """A world whose run was killed half-way through a line of its journal."""
    world = template.copy(directory / "cut")
    calls = striker.calls(template.copy(directory / "let-run"), ("run", WORKFLOW))
    lines = [number for number, call in enumerate(calls, 1) if call.startswith("write runs/")]
    striker.strike(world, ("run", WORKFLOW), lines[len(lines) // 2], "half")
    return world


def ways(call, turn):
    """All in which a call can be struck; with a turn one of them, another one each time."""
    possible = [how for how in KILLS + NO_SPACE if "write" in call.split(" ")[0] or how not in TORN]
    return possible if turn is None else [possible[turn % len(possible)]]


def sweep(striker, template, words, settle, step, only, scratch):
    """Every step-th call, in every way that is asked for."""
    calls = striker.calls(template.copy(scratch / f"count-{words[0]}"), words)
    table, repeated, failures = collections.Counter(), 0, 0
    for number in range(step, len(calls) + 1, step):
        for how in ways(calls[number - 1], number // step if step > 1 else None):
            if only not in (None, (words[0], number, how)):
                continue
            world = template.copy(scratch / f"{words[0]}-{number}-{how}")
            try:
                struck = striker.strike(world, words, number, how)
                more = settle(world)
            except Broken as broken:
                failures += 1
                print(f"FAILED: oe {words[0]}, {how} call {number} ({calls[number - 1]}): {broken}\n  kept: {world.directory}\n"
                      f"  again: tests/crash/boundaries.sh 1 {words[0]} {number} {how}", flush=True)
                continue
            table[how, struck] += 1
            repeated += more
            shutil.rmtree(world.directory)
    print(f"| oe {words[0]}: {len(calls)} calls | struck | went on |\n|---|--:|--:|")
    for how in KILLS + NO_SPACE:
        print(f"| {how} | {table[how, True]} | {table[how, False]} |")
    print(f"| attempts made again | {repeated} | |\n| failures | {failures} | |\n", flush=True)
    return failures


def main(step, command=None, number=None, how=None):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="oe-boundaries-"))
    template = World.make(os.environ["OE"], pathlib.Path(__file__).parent / "workflow", scratch / "template")
    striker = Striker(os.environ["OE_FAULT_LIBRARY"])
    expected = Expected(template.copy(scratch / "let-be"), WORKFLOW)
    gate = Expected(template.copy(scratch / "let-be-gate"), "gate.yaml", *ANSWER)
    asking = template.copy(scratch / "asking")
    asking.call("run", "gate.yaml", code=5)
    failures = 0
    for world, words, settle in ((template, ("run", WORKFLOW), expected.settle),
                                 (cut_in_the_middle(striker, template, scratch), ("resume", "last"), expected.settle),
                                 (asking, ANSWER, lambda world: gate.settle_answer(world) or gate.compare(world))):
        only = (command, int(number), how) if command else None
        if only is None or words[0] == command:
            failures += sweep(striker, world, words, settle, int(step), only, scratch)
    if not failures:
        shutil.rmtree(scratch)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
