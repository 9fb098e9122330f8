"""A repository with a workflow, an oe to run in it, and a look at everything that they leave behind."""
import collections
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time

import journal
from journal import check

PATIENCE = 60  # seconds for any oe
ORPHANS_MAY_LIVE = 3  # seconds after a kill


class World:
    """Each has its own HOME and effects. What its processes have in common is CRASH_CASE in their environment."""

    def __init__(self, oe, directory):
        self.oe, self.directory, self.mark = oe, directory, f"CRASH_CASE={directory}"
        self.repository, self.effects = directory / "repository", directory / "effects"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(directory), "LC_ALL": "C.UTF-8", "TZ": "UTC", "NO_COLOR": "1",
            "CRASH_CASE": str(directory), "CRASH_EFFECTS": str(self.effects),
            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}

    @classmethod
    def make(cls, oe, workflow, directory, **environment):
        world = cls(oe, directory)
        world.environment.update(environment)
        shutil.copytree(workflow, world.repository)
        world.effects.mkdir()
        (directory / ".gitconfig").write_text("[user]\n name = Ada Tester\n email = ada@example.com\n")
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "The workflow"]):
            subprocess.run(["git", *words], cwd=world.repository, env=world.environment, check=True)
        return world

    def copy(self, directory):
        shutil.copytree(self.directory, directory, symlinks=True)
        return World(self.oe, directory)

    def start(self, *words, **more):
        with open(self.directory / "log", "ab") as log:
            return subprocess.Popen([self.oe, *words], cwd=self.repository, env={**self.environment, **more},
                                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def call(self, *words, code=0, **more):
        """What it printed. Raises when it ends with another code than expected (None: any)."""
        try:
            ended = subprocess.run([self.oe, *words], cwd=self.repository, env={**self.environment, **more}, timeout=PATIENCE,
                                   stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        except subprocess.TimeoutExpired:
            raise journal.Broken(f"oe {' '.join(words)} has not ended after {PATIENCE} s") from None
        check(code is None or ended.returncode == code,
              f"oe {' '.join(words)} ended with {ended.returncode}, not {code}: {ended.stdout[-600:]}{ended.stderr[-600:]}")
        return ended

    def kill_after(self, seconds, *words):
        """False when it had ended before."""
        process = self.start(*words)
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        ended = process.wait() != -signal.SIGKILL
        self.expect_no_orphans()
        return not ended

    def alive(self):
        found = []
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                pass
        return found

    def expect_no_orphans(self):
        deadline = time.monotonic() + ORPHANS_MAY_LIVE
        while (left := self.alive()) and time.monotonic() < deadline:
            time.sleep(0.02)
        check(not left, f"alive {ORPHANS_MAY_LIVE} s after the kill: {left}")

    def journals(self):
        return sorted((self.repository / ".openexpertise" / "runs").glob("*.jsonl"))

    def attempted(self):
        """Key without its run -> lines in the side file."""
        file = self.effects / "attempts"
        lines = file.read_text().splitlines() if file.exists() else []
        return collections.Counter(line.split(" ")[0].partition("/")[2] for line in lines)

    def done(self):
        """The side effects that are there."""
        root = self.effects / "done"
        return sorted(str(path.parent.relative_to(root)).partition("/")[2] for path in root.rglob("+"))

    def outcome(self, run):
        """State and ends of all nodes, without times, numbers of attempts and the name of the run."""
        shown = json.loads(self.call("show", run, "--json").stdout.replace(run, "RUN"))
        nodes = {node["id"]: [node["outcome"], node.get("cause"), node.get("items"), node.get("edge_output"), node.get("error"),
                              sorted(last_ends(node["attempts"]).items())] for node in shown["nodes"]}
        return {"status": shown["status"], "nodes": nodes, "state": json.loads(self.call("state", "--run", run).stdout)}

    def tables(self):
        connection = sqlite3.connect(self.repository / ".openexpertise" / "state.sqlite")
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND "
                                                      "name NOT GLOB '*_rows' AND name <> 'run_numbers' ORDER BY 1")]
        tables = {name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"'))) for name in names}
        connection.close()
        return tables

    def expect_index_as_rebuilt(self, grown):
        self.call("ledger", "rebuild")
        for name, rows in self.tables().items():
            check(rows == grown.get(name), f"the grown table {name} is not as rebuilt: {journal.differences(grown.get(name), rows)}")


def last_ends(attempts):
    return {f"{attempt.get('scope', [])} {attempt.get('index')}": attempt["outcome"] for attempt in attempts}
