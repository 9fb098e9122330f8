"""A repository with an open proposal, a remote, and things of the user's that no command may touch; what there is to see in it."""
import functools
import hashlib
import json
import pathlib
import shutil
import subprocess

from journal import check
from world import World

UNFINISHED = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "sequencer")
OF_OE = ("refs/heads/oe/", "refs/oe/", "refs/notes/oe", "refs/remotes/origin/oe/")
EVENTS_OF_A_CLOCK = ("refs/oe/", "refs/notes/")  # what is in them has times


# What libgit2 reads, what the git program has to read (with another hash, or not all blobs), and working trees that are not all of
# the commit, or not where the repository is.
KINDS = ("sha1", "sha256", "partial", "sparse", "linked", "submodule")


class Desk(World):
    """Each has its own HOME, repository, remote and a second clone."""

    def __init__(self, oe, directory, kind):
        super().__init__(oe, directory)
        self.kind = kind
        self.environment["GIT_DEFAULT_HASH"] = kind if kind.startswith("sha") else "sha1"
        if kind == "submodule":
            self.repository = directory / "outer" / "repository"

    @classmethod
    def set_up(cls, oe, workflow, directory, kind):
        whole = World.make(oe, workflow, directory, GIT_DEFAULT_HASH=kind if kind.startswith("sha") else "sha1")
        desk = cls(oe, directory, kind)
        for words in (["init", "-q", "--bare", "../remote.git"], ["remote", "add", "origin", "../remote.git"],
                      ["push", "-q", "origin", "HEAD:refs/heads/main"]):
            desk.git(*words, repository=whole.repository)
        desk.git("config", "uploadpack.allowFilter", "true", repository=directory / "remote.git")
        getattr(desk, f"become_{kind}", lambda: None)()
        desk.git("config", "core.logAllRefUpdates", "true")
        desk.call("run", code=None)
        desk.call("run")
        (desk.repository / ".awake").unlink()
        desk.call("evolve", "--no-sandbox")
        desk.make_things_of_the_user()
        return desk

    def become_clone(self, *how):
        shutil.rmtree(self.repository)
        remote = f"file://{self.directory / 'remote.git'}"  # only so git thinks of filters
        self.git("clone", "-q", "-b", "main", *how, remote, "repository", repository=self.directory)
        self.git("config", "remote.origin.url", "../remote.git")

    def become_partial(self):
        self.become_clone("--filter=blob:none")

    def become_sparse(self):
        self.become_clone("--sparse")
        self.git("sparse-checkout", "set", "--cone", "--sparse-index", "tools")
        check(not (self.repository / "elsewhere").exists(), "the checkout is not sparse")

    def become_linked(self):
        self.repository.rename(self.directory / "main")
        self.git("worktree", "add", "-q", "-b", "side", "../repository", repository=self.directory / "main")

    def become_submodule(self):
        outer = self.directory / "outer"
        self.git("init", "-q", str(outer), repository=self.directory)
        self.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "-b", "main", "--name", "repository",
                 str(self.directory / "remote.git"), "repository", repository=outer)
        self.git("commit", "-qm", "A submodule", repository=outer)
        self.git("config", "remote.origin.url", "../../remote.git")

    @functools.cached_property
    def git_dir(self):
        return pathlib.Path(self.git("rev-parse", "--absolute-git-dir").strip())

    @functools.cached_property
    def common_dir(self):
        return pathlib.Path(self.git("rev-parse", "--path-format=absolute", "--git-common-dir").strip())

    def ledger(self):
        return (self.directory / "main" if self.kind == "linked" else self.repository) / ".openexpertise"

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
        if self.kind == "linked":  # the two name each other by absolute paths
            administration = directory / "main" / ".git" / "worktrees" / "repository"
            (desk.repository / ".git").write_text(f"gitdir: {administration}\n")
            (administration / "gitdir").write_text(f"{desk.repository / '.git'}\n")
        desk.git("update-index", "-q", "--refresh", code=None)  # a copy has other inodes
        return desk

    def elsewhere(self, directory):
        """The same in another directory, which is there already."""
        return Desk(self.oe, directory, self.kind)

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
        return {"HEAD": (self.git_dir / "HEAD").read_text(), "refs": own, "files": self.files(),
                "index": self.git("ls-files", "--stage", "-t"), "status": self.git("--no-optional-locks", "status", "--porcelain=v2"),
                "stash": self.git("stash", "list"), "config": (self.common_dir / "config").read_text(),
                "unfinished": [mark for mark in UNFINISHED if (self.git_dir / mark).exists()],
                "history": self.git("log", "--format=%T %s", "HEAD")}

    def exactly(self):
        """The same, and the bytes of what git has made of it."""
        index = (self.git_dir / "index").read_bytes()
        return {**self.of_the_user(), "bytes of the index": hashlib.sha256(index).hexdigest(), "commit": self.git("rev-parse", "HEAD")}

    def of_oe(self):
        """Its refs, the proposals and the hooks."""
        listed = json.loads(self.call("proposals", "--all", "--json").stdout)["proposals"]
        hooks = self.common_dir / "hooks"
        return {"refs": self.refs("refs/heads/oe/", "refs/oe/", "refs/notes/oe"),
                "proposals": [(one["fingerprint"], one["status"], one["branch"]) for one in listed],
                "hooks": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(hooks.glob("*")) if path.is_file()},
                "remote": sorted(self.git("for-each-ref", "--format=%(refname)", repository=self.directory / "remote.git").split())}

    def locks(self):
        """Files that stop the next git, of whatever process."""
        found = [str(path) for path in self.common_dir.rglob("*.lock") if "objects" not in path.parts]
        return [path for path in found if not path.endswith("/oe/lock")]
