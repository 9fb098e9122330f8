"""The API v1 of Gitea and Forgejo: pulls, and the issues calls that pulls share."""
import re

from forge.hub import Refusal, allowed, members
from forge.paging import page_of

DRAFT = re.compile(r"^(wip:|\[wip\])\s*", re.I)
LABELS = [{"id": 7, "name": "oe"}, {"id": 8, "name": "bug"}, {"id": 9, "name": "workflow"}]


class Api:
    def __init__(self, hub, project, token, origin):
        self.hub, self.project, self.token, self.origin = hub, project, token, origin
        self.root = f"/api/v1/repos/{project}"

    def check_headers(self, path, headers):
        if not path.startswith("/api/v1/"):
            raise Refusal(404, "Not Found")
        if headers.get("accept") != "application/json":
            raise Refusal(406, "accept is not application/json", is_fault=True)
        self.known = headers.get("authorization") == f"token {self.token}"

    def error(self, refusal):
        return {"message": str(refusal), "url": f"{self.origin}/api/swagger"}

    def answer(self, method, path, query, body):
        if (method, path) == ("GET", "/api/v1/version"):
            return 200, {"version": "1.22.3"}, {}
        if not self.known:
            raise Refusal(401, "invalid username, password or token")
        if not path.startswith(self.root + "/"):
            raise Refusal(404, "The target couldn't be found.")
        tail = path[len(self.root):]
        found = re.search(r"/(\d+)", tail)
        shape = re.sub(r"/\d+", "/N", tail, count=1)
        name = {("GET", "/pulls"): self.list, ("POST", "/pulls"): self.open, ("GET", "/pulls/N"): self.read,
                ("PATCH", "/pulls/N"): self.update, ("GET", "/issues/N/timeline"): self.timeline,
                ("GET", "/issues/N/comments"): self.comments, ("POST", "/issues/N/comments"): self.comment,
                ("PATCH", "/issues/comments/N"): self.edit, ("GET", "/labels"): self.labels,
                ("POST", "/issues/N/labels"): self.label, ("GET", "/pulls/N/commits"): self.commits,
                ("GET", "/pulls/N/reviews"): self.reviews}.get((method, shape))
        if name is None:
            raise Refusal(404, f"no such call: {method} {shape}", is_fault=True)
        return name(int(found.group(1)) if found else None, query, body, path)

    def user(self, login):
        return {"login": login, "username": login} if login else None

    def shown(self, request):
        merged = request["state"] == "merged"
        return {"number": request["number"], "title": request["title"], "body": request["body"], "merged": merged,
                "html_url": f"{self.origin}/{self.project}/pulls/{request['number']}", "draft": bool(DRAFT.match(request["title"])),
                "state": "open" if request["state"] == "open" else "closed", "merge_commit_sha": request["merge_commit"],
                "merged_by": self.user(request["by"]) if merged else None, "user": self.user("oe-user"),
                "head": {"ref": request["branch"], "label": request["branch"], "sha": request["head"]},
                "base": {"ref": request["base"], "label": request["base"], "sha": request["base_commit"]}}

    def list(self, _, query, body, path):
        allowed(query, ("state", "sort", "milestone", "labels", "page", "limit"))
        found = [r for r in self.hub.state() if query.get("state", "open") == "all" or (r["state"] == "open") == (query.get("state", "open") == "open")]
        return page_of([self.shown(r) for r in found], query, "limit", self.origin, path)

    def open(self, _, query, body, path):
        members(body, {"title": "string", "head": "string", "base": "string"}, {"body": "string", "labels": "list"})
        request = self.hub.open(body["head"], body["base"], body["title"], body.get("body", ""), False)
        if request is None:
            raise Refusal(409, "pull request already exists for these targets")
        return 201, self.shown(request), {}

    def read(self, number, query, body, path):
        return 200, self.shown(self.hub.find(number)), {}

    def update(self, number, query, body, path):
        members(body, {}, {"title": "string", "body": "string", "state": "string"})
        request = self.hub.find(number)
        if body.get("state") == "closed":
            request.update(state="closed", by="oe-user")
        elif "state" in body:
            raise Refusal(422, "oe reopens nothing", is_fault=True)
        request.update({name: body[name] for name in ("title", "body") if name in body})
        return 201, self.shown(request), {}

    def timeline(self, number, query, body, path):
        request = self.hub.find(number)
        items = [{"type": "comment", "user": self.user(c["author"]), "body": c["body"]} for c in request["comments"]]
        if request["state"] == "closed":
            items.append({"type": "close", "user": self.user(request["by"])})
        return page_of(items, query, "limit", self.origin, path)

    def comments(self, number, query, body, path):
        items = [{"id": c["id"], "body": c["body"], "user": self.user(c["author"])} for c in self.hub.find(number)["comments"]]
        return page_of(items, query, "limit", self.origin, path)

    def comment(self, number, query, body, path):
        members(body, {"body": "string"})
        made = self.hub.comment(self.hub.find(number), "oe-user", body["body"])
        return 201, {"id": made["id"], "body": made["body"]}, {}

    def edit(self, number, query, body, path):
        members(body, {"body": "string"})
        self.hub.find_comment(number)["body"] = body["body"]
        return 200, {"id": number}, {}

    def labels(self, _, query, body, path):
        return page_of(LABELS, query, "limit", self.origin, path)

    def label(self, number, query, body, path):
        members(body, {"labels": "list"})
        names = {label["id"]: label["name"] for label in LABELS}
        if not all(isinstance(i, int) and i in names for i in body["labels"]):
            raise Refusal(422, "labels are ids of labels that are there", is_fault=True)
        self.hub.find(number)["labels"] += [names[i] for i in body["labels"]]
        return 200, [], {}

    def commits(self, number, query, body, path):
        items = [{"sha": sha} for sha in reversed(self.hub.commits(self.hub.find(number)))]
        return page_of(items, query, "limit", self.origin, path)

    def reviews(self, number, query, body, path):
        items = [{"id": i, "user": self.user(by), "state": "APPROVED"} for i, by in enumerate(self.hub.find(number)["reviews"])]
        return page_of(items, query, "limit", self.origin, path)
