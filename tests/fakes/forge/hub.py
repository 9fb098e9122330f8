"""What the three forges have in common: change requests, comments, reviews, and the bare repository behind them."""
import subprocess

KINDS = {"string": str, "bool": bool, "integer": int, "list": list}


class Refusal(Exception):
    """An answer that says no. `is_fault`: the request does not fit the published shape."""

    def __init__(self, status, message, is_fault=False):
        super().__init__(message)
        self.status, self.is_fault = status, is_fault


def members(body, required, optional=()):
    """Holds the members of a JSON body against {name: kind}."""
    known = dict(required, **dict(optional))
    for name in required:
        if name not in (body or {}):
            raise Refusal(422, f"{name} is missing", is_fault=True)
    for name, value in (body or {}).items():
        if name not in known:
            raise Refusal(422, f"{name} is no member of this call", is_fault=True)
        if not isinstance(value, KINDS[known[name]]):
            raise Refusal(422, f"{name} is no {known[name]}", is_fault=True)
    return body


def allowed(query, names):
    for name in query:
        if name not in names:
            raise Refusal(400, f"{name} is no parameter of this call", is_fault=True)


class Hub:
    def __init__(self, repo):
        self.repo, self.requests, self.next_comment = repo, [], 100

    def git(self, *arguments, **more):
        done = subprocess.run(["git", "-C", self.repo, *arguments], capture_output=True, text=True, **more)
        if done.returncode != 0:
            raise Refusal(422, done.stderr.strip() or f"git {arguments[0]} failed")
        return done.stdout.strip()

    def tip(self, branch):
        return self.git("rev-parse", "--verify", f"refs/heads/{branch}") if self.repo else "c0ffee" + "0" * 34

    def commits(self, request):
        """Oldest first."""
        if not self.repo:
            return [self.tip(request["branch"])]
        tip = request["head"] if request["state"] != "open" else self.tip(request["branch"])
        return self.git("rev-list", "--reverse", tip, f"^{request['base_commit']}").split()

    def open(self, branch, base, title, body, draft, labels=()):
        self.tip(branch)
        if any(r["branch"] == branch and r["state"] == "open" for r in self.requests):
            return None
        base_commit = self.git("merge-base", self.tip(base), self.tip(branch)) if self.repo else "b" * 40
        request = {"number": len(self.requests) + 1, "branch": branch, "base": base, "base_commit": base_commit,
                   "title": title, "body": body, "draft": draft, "state": "open", "merge_commit": None, "by": None,
                   "squashed": False, "head": self.tip(branch), "comments": [], "reviews": [], "labels": list(labels)}
        self.requests.append(request)
        return request

    def find(self, number):
        for request in self.requests:
            if request["number"] == number:
                if request["state"] == "open":
                    request["head"] = self.tip(request["branch"])
                return request
        raise Refusal(404, "Not Found")

    def comment(self, request, by, body):
        self.next_comment += 1
        made = {"id": self.next_comment, "author": by, "body": body, "type": None}
        request["comments"].append(made)
        return made

    def find_comment(self, number):
        for request in self.requests:
            for comment in request["comments"]:
                if comment["id"] == number:
                    return comment
        raise Refusal(404, "Not Found")

    def state(self):
        return [self.find(r["number"]) for r in self.requests]

    # What people do.

    def merge(self, number, how="merge", by="ann"):
        request = self.find(number)
        base, head = self.tip(request["base"]), self.tip(request["branch"])
        if not self.repo:
            return request.update(state="merged", merge_commit="d" * 40, squashed=how == "squash", by=by, head=head)
        tree = self.git("merge-tree", "--write-tree", base, head).split("\n")[0]
        parents = ["-p", base] + (["-p", head] if how == "merge" else [])
        message = self.git("log", "-1", "--format=%B", head) if how == "squash" else f"Merge #{number}"
        made = self.git("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit-tree", tree, *parents, "-m", message)
        self.git("update-ref", f"refs/heads/{request['base']}", made, base)
        self.git("update-ref", "-d", f"refs/heads/{request['branch']}")
        request.update(state="merged", merge_commit=made, squashed=how == "squash", by=by, head=head)

    def close(self, number, by="ann", comment=None):
        request = self.find(number)
        if comment:
            self.comment(request, by, comment)
        request.update(state="closed", by=by)

    def review(self, number, by="ann"):
        self.find(number)["reviews"].append(by)

    def edit(self, number, **given):
        request = self.find(number)
        for name, text in given.items():
            request[name] = text.replace("\r\n", "\n").replace("\n", "\r\n") if name == "body" else text
