#!/usr/bin/env python3
"""A forge for tests: the REST API of GitHub, GitLab or Gitea over real HTTP on 127.0.0.1 and a free port.

    forge_server.py github|gitlab|gitea [--repo BARE.git] [--project owner/name] [--token TOKEN]

Its first line on stdout is {"port": N}; it ends when nobody reads its stdout any more.

It holds every request against the published shape (method, path, headers, query, JSON members and their types): what does
not fit is answered with the forge's own kind of error and kept in GET /_faults, which a good client leaves empty. With
--repo, branches, commits and merges are those of that bare repository; without one, each request has one commit.

    GET    /_log      the requests so far: method, path, query, headers (without the token), body, status
    GET    /_state    the change requests, comments included
    POST   /_script   [{"match": "POST /pulls", "status": 503, "headers": {..}, "body": ..., "times": 1,
                        "delay_ms": 0, "content_type": "text/html", "cut": true, "redirect": "/there"}, ...]
    POST   /_merge    {"number": 1, "how": "merge"|"squash", "by": "ann"}
    POST   /_close    {"number": 1, "by": "ann", "comment": "no, because"}
    POST   /_review   {"number": 1, "by": "ann"}
    POST   /_edit     {"number": 1, "title": ..., "body": ...}: as a person does on the page, with CRLF line ends
"""
import argparse
import json
import os
import select
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from forge import gitea, github, gitlab  # noqa: E402
from forge.hub import Hub, Refusal  # noqa: E402

APIS = {"github": github.Api, "gitlab": gitlab.Api, "gitea": gitea.Api}
LOCK = threading.RLock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_any(self):
        length = int(self.headers.get("content-length") or 0)
        text = self.rfile.read(length).decode()
        with LOCK:
            answer = self.control(text) if self.path.startswith("/_") else self.api_call(text)
        if answer:
            self.reply(*answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any

    def reply(self, status, value, headers=None, content_type="application/json; charset=utf-8"):
        body = b"" if value is None else (value if isinstance(value, str) else json.dumps(value)).encode()
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def control(self, text):
        what, given = self.path[2:], json.loads(text) if text else {}
        hub, server = self.server.hub, self.server
        if what == "log":
            return 200, server.log
        if what == "faults":
            return 200, server.faults
        if what == "state":
            return 200, hub.state()
        if what == "script":
            server.script = given
        elif what in ("merge", "close", "review", "edit"):
            getattr(hub, what)(**given)
        else:
            return 404, None
        return 200, {}

    def scripted(self, path):
        for rule in self.server.script:
            method, _, part = rule["match"].partition(" ")
            if method == self.command and part in path and rule.get("times", 1) > 0:
                rule["times"] = rule.get("times", 1) - 1
                return rule
        return None

    def play(self, rule, entry):
        time.sleep(rule.get("delay_ms", 0) / 1000)
        if rule.get("cut"):
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{\"num")
            self.wfile.flush()
            self.close_connection = True
            entry["status"] = "cut"
            return None
        headers = dict(rule.get("headers", {}))
        if "redirect" in rule:
            headers["location"] = rule["redirect"]
        entry["status"] = rule.get("status", 200)
        return entry["status"], rule.get("body", {"message": "scripted"}), headers, rule.get("content_type", "application/json")

    def api_call(self, text):
        url = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        entry = {"method": self.command, "path": url.path, "query": parse_qs(url.query), "status": None, "body": text,
                 "headers": {n: v for n, v in headers.items() if n not in ("authorization", "private-token", "job-token")}}
        self.server.log.append(entry)
        rule = self.scripted(url.path)
        if rule and "status" in rule or rule and (rule.get("cut") or "redirect" in rule):
            return self.play(rule, entry)
        if rule:
            time.sleep(rule.get("delay_ms", 0) / 1000)
        api = self.server.api
        try:
            api.check_headers(url.path, headers)
            body = self.body_of(text, headers)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            status, value, more = api.answer(self.command, url.path, query, body)
        except Refusal as refusal:
            status, value, more = refusal.status, api.error(refusal), {}
            if refusal.is_fault:
                self.server.faults.append(f"{self.command} {self.path}: {refusal}")
        entry["status"] = status
        if rule and "content_type" in rule:
            return status, value, more, rule["content_type"]
        return status, value, more

    def body_of(self, text, headers):
        if not text:
            return None
        if "application/json" not in headers.get("content-type", ""):
            raise Refusal(415, "the body is not declared as JSON", is_fault=True)
        try:
            body = json.loads(text)
        except ValueError:
            raise Refusal(400, "the body is no JSON", is_fault=True)
        if not isinstance(body, dict):
            raise Refusal(400, "the body is no object", is_fault=True)
        return body


def end_with_reader(server):
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    poll.poll()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=APIS)
    parser.add_argument("--repo")
    parser.add_argument("--project", default="ada/flows")
    parser.add_argument("--token", default="right-token")
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    server.daemon_threads = True
    server.hub = Hub(given.repo)
    server.log, server.faults, server.script = [], [], []
    server.api = APIS[given.kind](server.hub, given.project, given.token, f"http://127.0.0.1:{server.server_port}")
    print(json.dumps({"port": server.server_port}), flush=True)
    threading.Thread(target=end_with_reader, args=[server], daemon=True).start()
    server.serve_forever()


main()
