# Sourced after tests/e2e/lib/harness.bash: puts a planted workflow into a repository, runs it, and asks for proposals.
planted() { python3 "$top/tests/bench/lib/planted.py" "$@"; }
# judge_planted NAME: the line of the table. Everything happens in a directory of its own below $story_dir.
judge_planted() {
  local name=$1 arguments
  cd "$story_dir" && new_repo "$name"
  planted unpack "$name" . >"$story_dir/$name.runs"
  commit_all "$name"
  while read -r arguments; do
    # shellcheck disable=SC2086  # words are meant
    oe run $arguments </dev/null >>"$story_dir/$name.log" 2>&1 || [ $? = 1 ] ||
      { tail -n 5 "$story_dir/$name.log" >&2; return 1; }
  done <"$story_dir/$name.runs"
  oe evolve --advisor rules --json >"$story_dir/$name.json" 2>>"$story_dir/$name.log" </dev/null ||
    { tail -n 5 "$story_dir/$name.log" >&2; return 1; }
  planted judge "$name" "$story_dir/$name.json"
}
