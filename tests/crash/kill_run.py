"""Kills oe run at random moments, lets it go on, and compares with a run that was let be. kill_run.sh says how to call it."""
import collections
import os
import pathlib
import random
import shutil
import sys
import tempfile

from expected import MOMENTS, Expected, Snapshot
from journal import Broken
from world import World

KILLED_AGAIN = 1 / 3  # how likely what goes on is killed, too


def kill_again(world, expected, dice):
    """Gives the number of further kills."""
    kills = 0
    while expected.moment(world) == MOMENTS[1] and dice.random() < KILLED_AGAIN:
        left = Snapshot(world)
        kills += world.kill_after(dice.uniform(0, expected.seconds), "resume", "last")
        left.expect_kept(world)
    return kills


def first_kill(template, expected, directory, dice):
    """The world in which a kill has met oe run, and how many draws came too late."""
    late = 0
    while True:
        world = template.copy(directory)
        if world.kill_after(dice.uniform(0, expected.seconds), "run", expected.workflow):
            return world, late
        late += 1
        shutil.rmtree(directory)


def settle(world, expected, dice):
    """Gives where the kill hit, further kills, attempts made again."""
    moment = expected.moment(world)
    kills = kill_again(world, expected, dice)
    return moment, kills, expected.settle(world)


def main(kills, seed, first):
    oe, here, workflow = os.environ["OE"], pathlib.Path(__file__).parent, os.environ["WORKFLOW"]
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="oe-kill-"))
    template = World.make(oe, here / "workflow", scratch / "template")
    let_be = [Expected(template.copy(scratch / f"let-be-{i}"), workflow) for i in range(3)]
    expected = min(let_be, key=lambda run: run.seconds)
    where, again, further, late, failures = collections.Counter(), 0, 0, 0, 0
    for case in range(first, first + kills):
        dice = random.Random(f"{seed}/{case}")
        directory = scratch / f"case-{case}"
        try:
            world, missed = first_kill(template, expected, directory, dice)
            moment, more, repeated = settle(world, expected, dice)
        except Broken as broken:
            failures += 1
            print(f"FAILED: case {case}: {broken}\n  kept: {directory}\n"
                  f"  again: WORKFLOW={workflow} tests/crash/kill_run.sh 1 {seed} {case}", flush=True)
            continue
        where[moment] += 1
        further, again, late = further + more, again + repeated, late + missed
        shutil.rmtree(directory)
    print(f"| kills of oe run {workflow} ({expected.seconds * 1000:.0f} ms when let be) | {kills} |\n|---|--:|")
    for moment in MOMENTS:
        print(f"| {moment} | {where[moment]} |")
    for what, count in (("came too late and drawn again", late), ("further kills of oe resume", further),
                        ("attempts made again", again), ("failures", failures), ("seed", seed)):
        print(f"| {what} | {count} |")
    if not failures:
        shutil.rmtree(scratch)
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
