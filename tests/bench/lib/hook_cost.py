"""The rounds of hook_cost.sh: one repository for each way, so that each commit finds what its own left."""
import os
import resource
import statistics
import subprocess
import sys
import time

OE, ROUNDS, LEFTHOOK, PRECOMMIT = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
WORKFLOW = """name: flow
version: 0.1.0
state: { schema: { out: {} } }
graph:
  nodes:
    - { id: a, kind: tool, impl: tool.mjs, writes: [out], timeout_ms: %d }
  edges: []
"""


def git(where, *words):
    subprocess.run(["git", *words], cwd=where, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def repository(name):
    git(".", "init", "-q", name)
    for i in range(998):
        write(f"{name}/src/{i % 40}/file{i}.txt", f"{i}\n")
    write(f"{name}/experience.yaml", WORKFLOW % 1000)
    write(f"{name}/tool.mjs", "export default () => ({});\n")
    git(name, "add", "-A")
    git(name, "commit", "-qm", "begin")
    git(name, "gc", "-q")


def empty_sh(name):
    write(f"{name}/.git/hooks/pre-commit", "#!/bin/sh\nexit 0\n", 0o755)


def empty_sh_everywhere(name):
    for hook in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"):
        write(f"{name}/.git/hooks/{hook}", "#!/bin/sh\nexit 0\n", 0o755)


def install_oe(name):
    subprocess.run([OE, "hooks", "install"], cwd=name, check=True, stdout=subprocess.DEVNULL)


def empty_sh_then_oe(name):
    empty_sh(name)
    install_oe(name)


def install_lefthook(name):
    write(f"{name}/lefthook.yml", "pre-commit:\n  commands:\n    nothing:\n      run: 'true'\n")
    git(name, "add", "-A")
    git(name, "commit", "-qm", "lefthook")
    os.environ["PATH"] = os.path.dirname(LEFTHOOK) + ":" + os.environ["PATH"]
    subprocess.run([LEFTHOOK, "install"], cwd=name, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def install_precommit(name):
    write(f"{name}/.pre-commit-config.yaml", "repos:\n- repo: local\n  hooks:\n  - {id: n, name: n, entry: 'true', language: system,"
          " always_run: true, pass_filenames: false}\n")
    git(name, "add", "-A")
    git(name, "commit", "-qm", "pre-commit")
    subprocess.run([PRECOMMIT, "install"], cwd=name, check=True, stdout=subprocess.DEVNULL)


WAYS = {"none": lambda name: None, "sh": empty_sh, "sh_all": empty_sh_everywhere, "oe": install_oe, "sh_oe": empty_sh_then_oe}
if LEFTHOOK:
    WAYS["lefthook"] = install_lefthook
if PRECOMMIT:
    WAYS["precommit"] = install_precommit


def measured(name, path, text):
    write(f"{name}/{path}", text)
    git(name, "add", path)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    subprocess.run(["git", "commit", "-qm", "x"], cwd=name, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, cpu * 1000


for name, install in WAYS.items():
    repository(name)
    install(name)
plain, touching = {name: [] for name in WAYS}, {name: [] for name in WAYS}
for round_number in range(-3, ROUNDS):
    names = list(WAYS)
    names = names[round_number % len(names):] + names[:round_number % len(names)]
    for name in names:
        # The first three warm the disk.
        for table, path, text in ((plain, "src/0/file0.txt", f"r{round_number}\n"), (touching, "experience.yaml", WORKFLOW % (2000 + round_number))):
            figure = measured(name, path, text)
            if round_number >= 0:
                table[name].append(figure)


def middle(table, name, which):
    return statistics.median(figure[which] for figure in table[name])


def paired(table, name, other, which):
    return statistics.median(a[which] - b[which] for a, b in zip(table[name], table[other]))


titles = {"none": "no hook", "sh": "an empty sh hook", "sh_all": "empty sh, in oe's four places", "oe": "oe, all its hooks", "sh_oe": "oe, behind an empty sh hook",
          "lefthook": "lefthook, one command: true", "precommit": "pre-commit, one local hook: true"}
with open("/proc/loadavg") as load:
    print(f"medians of {ROUNDS} rounds, ms; load {load.read().split(' ', 1)[0]}, {os.cpu_count()} processors")
print(f"{'':34}{'touches no workflow':>32}{'touches a workflow':>32}")
print(f"{'':34}{'wall':>10}{'added':>10}{'cpu':>12}{'wall':>10}{'added':>10}{'cpu':>12}")
for name, title in titles.items():
    if name not in WAYS:
        print(f"{title:34}  not there")
        continue
    row = f"{title:34}"
    for table in (plain, touching):
        row += f"{middle(table, name, 0):10.2f}{paired(table, name, 'none', 0):10.2f}{middle(table, name, 1):12.2f}"
    print(row)
faults = 0
for text, figure, goal in (
        ("no workflow touched: oe over an empty sh hook, wall", paired(plain, "oe", "sh", 0), 0.0),
        ("no workflow touched: oe over an empty sh hook, cpu", paired(plain, "oe", "sh", 1), 0.0),
        ("a workflow touched: oe over no hook, wall", paired(touching, "oe", "none", 0), 8.0),
        ("a workflow touched: oe over no hook, cpu", paired(touching, "oe", "none", 1), 8.0)):
    missed = figure > goal
    faults += missed
    print(f"{text:56}{figure:8.2f} ms, goal {goal:.0f}{'  MISSED' if missed else ''}")
sys.exit(1 if faults else 0)
