"""Strikes at each call of oe that changes a file of the record; boundaries.sh says how to call it."""
import collections
import os
import pathlib
import shutil
import signal
import sys
import tempfile

from expected import Expected
from journal import Broken, check
from world import World

KILLS = ("before", "half", "after")
NO_SPACE = ("full", "hiccup")
WORKFLOW = "small.yaml"


class Striker:
    """Runs oe with the library that strikes."""

    def __init__(self, library, expected):
        self.library, self.expected = library, expected

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
        if how in KILLS:
            check(ended.returncode in (0, -signal.SIGKILL), f"it ended with {ended.returncode}: {ended.stderr[-600:]}")
            return ended.returncode != 0
        check(ended.returncode in (0, 4), f"on a full disk it ended with {ended.returncode}: {ended.stderr[-600:]}")
        if ended.returncode == 4:
            check(".openexpertise" in ended.stderr, f"it does not name the file: {ended.stderr[-600:]}")
        return ended.returncode == 4

    def one_case(self, world, words, number, how):
        struck = self.strike(world, words, number, how)
        return struck, self.expected.settle(world)


def cut_in_the_middle(striker, template, directory):
    """A world whose run was killed half-way through a line of its journal."""
    world = template.copy(directory / "cut")
    calls = striker.calls(template.copy(directory / "let-run"), ["run", WORKFLOW])
    lines = [number for number, call in enumerate(calls, 1) if call.startswith("write runs/")]
    striker.strike(world, ["run", WORKFLOW], lines[len(lines) // 2], "half")
    return world


def sweep(striker, template, words, step, only, scratch):
    """Every step-th call, in every way that is asked for."""
    calls = striker.calls(template.copy(scratch / f"count-{words[0]}"), words)
    table, repeated, failures = collections.Counter(), 0, 0
    for number in range(step, len(calls) + 1, step):
        ways = KILLS + NO_SPACE if step == 1 else ((KILLS + NO_SPACE)[number // step % 5],)
        for how in ways:
            if only not in (None, (words[0], number, how)):
                continue
            world = template.copy(scratch / f"{words[0]}-{number}-{how}")
            try:
                struck, more = striker.one_case(world, words, number, how)
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
    striker = Striker(os.environ["OE_FAULT_LIBRARY"], Expected(template.copy(scratch / "let-be"), WORKFLOW))
    only = (command, int(number), how) if command else None
    failures = sweep(striker, template, ["run", WORKFLOW], int(step), only, scratch)
    cut = cut_in_the_middle(striker, template, scratch)
    failures += sweep(striker, cut, ["resume", "last"], int(step), only, scratch)
    if not failures:
        shutil.rmtree(scratch)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
