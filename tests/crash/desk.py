"""A repository with an open proposal, a remote, and things of the user's that no command may touch; what there is to see in it."""
import hashlib
import json
import shutil
import subprocess

from journal import check
from world import World

UNFINISHED = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "sequencer")
OF_OE = ("refs/heads/oe/", "refs/oe/", "refs/notes/oe", "refs/remotes/origin/oe/")
EVENTS_OF_A_CLOCK = ("refs/oe/", "refs/notes/")  # what is in them has times


class Desk(World):
    """Each has its own HOME, repository, remote and a second clone."""

    @classmethod
    def set_up(cls, oe, workflow, directory, kind):
        desk = cls.make(oe, workflow, directory, GIT_DEFAULT_HASH=kind)
        desk.git("init", "-q", "--bare", "../remote.git")
        desk.git("config", "core.logAllRefUpdates", "true")
        desk.git("remote", "add", "origin", "../remote.git")
        desk.git("push", "-q", "origin", "HEAD:refs/heads/main")
        desk.call("run", code=None)
        desk.call("run")
        (desk.repository / ".awake").unlink()
        desk.call("evolve", "--no-sandbox")
        desk.make_things_of_the_user()
        return desk

    def make_things_of_the_user(self):
        readme = self.repository / "README.md"
        readme.write_text("stashed\n")
        self.git("stash", "-q")
        readme.write_text("changed, not staged\n")
        (self.repository / "notes.txt").write_text("a note\n")
        (self.repository / "ignored.txt").write_text("nobody looks at this\n")

    def copy(self, directory):
        shutil.copytree(self.directory, directory, symlinks=True)
        desk = self.elsewhere(directory)
        desk.git("update-index", "-q", "--refresh", code=None)  # a copy has other inodes
        return desk

    def elsewhere(self, directory):
        """The same in another directory, which is there already."""
        desk = Desk(self.oe, directory)
        desk.environment["GIT_DEFAULT_HASH"] = self.environment["GIT_DEFAULT_HASH"]
        return desk

    def git(self, *words, code=0, repository=None):
        ended = subprocess.run(["git", *words], cwd=repository or self.repository, env=self.environment, stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, check=False)
        check(code is None or ended.returncode == code, f"git {' '.join(words)} ended with {ended.returncode}: {ended.stderr[-600:]}")
        return ended.stdout

    def branch(self):
        """That of the one proposal; empty when it is gone."""
        return self.git("branch", "--list", "oe/*", "--format", "%(refname:short)").strip()

    def files(self):
        """Of the working tree, ignored ones too, with their bytes."""
        return {str(path.relative_to(self.repository)): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(self.repository.rglob("*")) if path.is_file() and path.relative_to(self.repository).parts[0] not in
                (".git", ".openexpertise")}

    def refs(self, *kinds):
        """Name, tree and subject: commits that are made twice have other times."""
        lines = self.git("for-each-ref", "--format=%(refname) %(tree) %(subject)", *kinds).splitlines()
        return {line.split(" ")[0]: "" if line.startswith(EVENTS_OF_A_CLOCK) else line for line in lines}

    def of_the_user(self):
        """HEAD, its branch, index, stash, configuration, other refs and files."""
        own = {name: line for name, line in self.refs().items() if not name.startswith(OF_OE)}
        return {"HEAD": (self.repository / ".git" / "HEAD").read_text(), "refs": own, "files": self.files(),
                "index": self.git("ls-files", "--stage", "-t"), "status": self.git("--no-optional-locks", "status", "--porcelain=v2"),
                "stash": self.git("stash", "list"), "config": (self.repository / ".git" / "config").read_text(),
                "unfinished": [mark for mark in UNFINISHED if (self.repository / ".git" / mark).exists()],
                "history": self.git("log", "--format=%T %s", "HEAD")}

    def exactly(self):
        """The same, and the bytes of what git has made of it."""
        index = (self.repository / ".git" / "index").read_bytes()
        return {**self.of_the_user(), "bytes of the index": hashlib.sha256(index).hexdigest(), "commit": self.git("rev-parse", "HEAD")}

    def of_oe(self):
        """Its refs, the proposals and the hooks."""
        listed = json.loads(self.call("proposals", "--all", "--json").stdout)["proposals"]
        hooks = self.repository / ".git" / "hooks"
        return {"refs": self.refs("refs/heads/oe/", "refs/oe/", "refs/notes/oe"),
                "proposals": [(one["fingerprint"], one["status"], one["branch"]) for one in listed],
                "hooks": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(hooks.glob("*")) if path.is_file()},
                "remote": sorted(self.git("for-each-ref", "--format=%(refname)", repository=self.directory / "remote.git").split())}

    def locks(self):
        """Files that stop the next git, of whatever process."""
        found = [str(path) for path in (self.repository / ".git").rglob("*.lock") if "objects" not in path.parts]
        return [path for path in found if not path.endswith("/oe/lock")]
