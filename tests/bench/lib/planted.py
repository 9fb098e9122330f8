#!/usr/bin/env python3
"""The planted workflows: what there is, how it is laid out, and whether an answer is the one in the key.

A file of fixtures/planted has, for each workflow:
    @@ NAME: what is wrong with it (or tempting about it)
    @runs N [ARGUMENTS OF oe run]        any number of such lines
    @file PATH                           and the lines of that file, up to the next line that begins with @file or @@
"""
import json
import os
import pathlib
import sys

planted = pathlib.Path(__file__).resolve().parents[3] / "fixtures" / "planted"


def workflows():
    """name -> {"runs": [(N, arguments)], "files": {path: text}}, in the order of the files."""
    found, files, path = {}, {}, None
    for source in sorted(planted.glob("*.txt")):
        own, path = {}, None
        for line in source.read_text().splitlines():
            if line.startswith("@@ "):
                own = found[line[3:].partition(":")[0]] = {"runs": [], "files": {}}
                files, path = own["files"], None
            elif line.startswith("@runs "):
                count, _, arguments = line[6:].partition(" ")
                own["runs"].append((int(count), arguments))
            elif line.startswith("@file "):
                path = line[6:]
                files[path] = ""
            elif path is not None:
                files[path] += line + "\n"
    for workflow in found.values():
        workflow["files"] = {path: text.rstrip("\n") + "\n" for path, text in workflow["files"].items()}
    return found


def key():
    """name -> (operation, node, what), or None for a healthy workflow."""
    answers = {}
    for line in (planted / "answers.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            name, operation, node, what = line.split("\t")
            answers[name] = None if operation == "-" else (operation, node, what)
    return answers


def unpack(name, directory):
    """Writes the files and prints the arguments of each run, one line a run."""
    workflow = workflows()[name]
    for path, text in workflow["files"].items():
        file = pathlib.Path(directory) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if text.startswith("#!"):
            os.chmod(file, 0o755)
    for count, arguments in workflow["runs"]:
        print("\n".join([arguments] * count))


def answer_of(proposal):
    change = proposal["change"]
    if proposal["operation"] == "tune-param":
        return "tune-param", change["node"] or "-", change["name"]
    if proposal["operation"] == "add-node":
        behind = [edge["to"] for edge in change["edges"] if edge["from"] == change["node"]["id"]]
        return "add-node", behind[0] if behind else "-", (change["node"].get("writes") or ["-"])[0]
    return "add-dataset-case", change["node"], "-"


def is_answer(answer, wanted):
    return wanted is not None and all(a in w.split("|") for a, w in zip(answer, wanted))


def judge(name, report):
    """One line: the name, the verdict, and what was committed or how the nearest proposal fell through."""
    wanted = key()[name]
    proposals = json.load(open(report))["proposals"]
    committed = [answer_of(p) for p in proposals if p["fate"] == "committed"]
    said = ["/".join(answer) for answer in committed]
    if wanted is None:
        verdict = "false-alarm" if committed else "silent"
    elif any(is_answer(answer, wanted) for answer in committed):
        verdict = "found"
    else:
        verdict = "other" if committed else "nothing"
        for p in proposals:
            if is_answer(answer_of(p), wanted):
                said.append(f"{p['fate']}: {p['reason'] or p['effect']}")
    print(f"{name:34} {verdict:12} {'; '.join(said)[:150]}")


def main():
    command, *arguments = sys.argv[1:]
    if command == "names":
        answers = key()
        missing = set(workflows()) ^ set(answers)
        if missing:
            sys.exit(f"in the key or in the files only: {', '.join(sorted(missing))}")
        print("\n".join(answers))
    elif command == "unpack":
        unpack(*arguments)
    elif command == "judge":
        judge(*arguments)


main()
