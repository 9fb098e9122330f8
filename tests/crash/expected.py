"""What an uninterrupted run gives, and how a run that was not let be gets there."""
import json
import time

import journal
from journal import check, differences

MOMENTS = ("before run.started", "in the middle", "after run.finished")


class Snapshot:
    """What a kill has left. Whatever comes: no line of the journal changes, and what had ended in it is not done again."""

    def __init__(self, world):
        self.path = world.journals()[-1]
        journal_bytes = self.path.read_bytes()
        self.lines = journal_bytes[:journal_bytes.rfind(b"\n") + 1]
        self.ended = journal.Attempts(journal.read(self.path)).ended
        self.made = world.attempted()

    def expect_kept(self, world):
        check(self.path.read_bytes().startswith(self.lines), "lines of the journal have changed")
        made = world.attempted()
        again = [name for name in self.ended if made[name] != self.made[name]]
        check(not again, f"had ended and was done again: {again}")


class Expected:
    """What an uninterrupted run gives."""

    def __init__(self, world, workflow, *answer):
        self.workflow, self.answer = workflow, answer
        begin = time.monotonic()
        world.call("run", workflow, code=5 if answer else 0)
        if answer:
            self.settle_answer(world)
        self.seconds = time.monotonic() - begin
        run = world.journals()[-1].stem
        self.outcome, self.attempted, self.done = world.outcome(run), world.attempted(), world.done()
        check(self.outcome["status"] == "success", "the uninterrupted run does not succeed")
        check(self.done == sorted(self.attempted), "not every attempt has its side effect")

    def moment(self, world):
        """Where a kill has hit."""
        events = journal.read(world.journals()[-1]) if world.journals() else []
        check(not (world.attempted() and not events), "something ran without a record")
        return MOMENTS[0 if not events else 2 if journal.Attempts(events).status else 1]

    def settle(self, world):
        """The run goes on to its end, nobody kills it any more. Gives the number of attempts that were made again."""
        moment = self.moment(world)
        left = Snapshot(world) if moment != MOMENTS[0] else None
        world.call("resume", "last", code={MOMENTS[0]: 3, MOMENTS[1]: 0, MOMENTS[2]: 2}[moment])
        if moment == MOMENTS[0]:
            world.call("run", self.workflow)
        else:
            left.expect_kept(world)
        return self.compare(world)

    def settle_answer(self, world):
        """The answer is given, unless it was before, and the run goes on to its end."""
        if "node.answered" not in [event["type"] for event in journal.read(world.journals()[-1])]:
            world.call(*self.answer)
        world.call("resume", "last")

    def compare(self, world):
        """The one run of a world that has come to its end. Gives the number of attempts that were made again."""
        path, grown = world.journals()[-1], world.tables()
        attempts = journal.Attempts(journal.read(path))
        check(attempts.status == "success", f"the journal ends {attempts.status}")
        outcome = world.outcome(path.stem)
        check(outcome == self.outcome, f"another outcome: {differences(flat(self.outcome), flat(outcome))}")
        check(world.done() == self.done, f"other side effects: {differences(self.done, world.done())}")
        made = world.attempted()
        for name in made | self.attempted:
            check(made[name] <= attempts.started[name], f"{name} did {made[name]} attempts, the journal knows {attempts.started[name]}")
            most = self.attempted[name] + attempts.cut_off[name]
            check(attempts.started[name] <= most, f"{name} was started {attempts.started[name]} times, not {most} at most")
        world.expect_index_as_rebuilt(grown)
        return sum(max(0, made[name] - self.attempted[name]) for name in made)


def flat(outcome):
    return [f"{part} {name}: {json.dumps(value)}" for part in ("nodes", "state") for name, value in outcome[part].items()]
