# Sourced by stories that submit, after harness.bash: a fake forge, remotes that real git reaches on loopback, and no token
# of the user's own.
unset GITHUB_TOKEN GH_TOKEN GH_ENTERPRISE_TOKEN GITLAB_TOKEN CI_JOB_TOKEN GITEA_TOKEN FORGEJO_TOKEN OE_FORGE_TOKEN OE_FORGE_URL
unset GITHUB_SERVER_URL CI_SERVER_URL GITLAB_HOST GITEA_SERVER_URL FORGEJO_SERVER_URL GH_HOST GIT_SSH_COMMAND
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy
forge_ends=()
end_forges() { local code=$?; for pid in "${forge_ends[@]}"; do kill "$pid" 2>/dev/null || true; done; end_story "$code"; }
trap end_forges EXIT

# bare_repo NAME: $story_dir/git/NAME/flows.git, which takes pushes over http, too. Leaves its path in $bare.
bare_repo() {
  bare=$story_dir/git/$1/flows.git
  git init -q --bare "$bare" && git -C "$bare" config http.receivepack true
}
# fake_forge KIND NAME: the API of that kind over $bare as project NAME/flows. Leaves its address in $forge.
fake_forge() {
  local pipe=$story_dir/forge.${2//\//-}
  mkfifo "$pipe"
  python3 "$top/tests/fakes/forge_server.py" "$1" --repo "$bare" --project "$2/flows" >"$pipe" &
  forge_ends+=($!)
  exec {forge_out}<"$pipe"
  local line; read -r line <&"$forge_out"
  forge=http://127.0.0.1:$(tr -dc 0-9 <<<"$line")
}
# of_forge METHOD WHAT [BODY]
of_forge() {
  python3 - "$forge/_$2" "$1" "${3:-}" <<'PY'
import sys, urllib.request
url, method, body = sys.argv[1:]
request = urllib.request.Request(url, method=method, data=body.encode() if body else None)
sys.stdout.write(urllib.request.urlopen(request, timeout=20).read().decode())
PY
}
people() { of_forge POST "$1" "$2" >/dev/null; }
# requests EXPRESSION: of the change requests, as Python sees them in `all`.
requests() { of_forge GET state | python3 -c 'import json, sys; all = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }
calls() { of_forge GET log | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'; }
expect_published_shapes() { expect_same "$(of_forge GET faults)" "[]" "calls that do not have the published shape"; }

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# http_remote NAME: git http-backend behind lighttpd. Leaves the address in $remote; fails where a part is missing.
http_remote() {
  local backend; backend=$(git --exec-path)/git-http-backend
  local lighttpd; lighttpd=$(PATH=$PATH:/usr/sbin command -v lighttpd) && [ -x "$backend" ] || return 1
  local port; port=$(free_port)
  cat >"$story_dir/lighttpd.conf" <<CONF
server.modules = ("mod_alias", "mod_cgi", "mod_setenv")
server.document-root = "$story_dir/git"
server.bind = "127.0.0.1"
server.port = $port
server.errorlog = "$story_dir/lighttpd.log"
alias.url = ("/" => "$backend/")
cgi.assign = ("" => "")
setenv.add-environment = ("GIT_PROJECT_ROOT" => "$story_dir/git", "GIT_HTTP_EXPORT_ALL" => "1", "HOME" => "$HOME", "REMOTE_USER" => "ada")
CONF
  "$lighttpd" -D -f "$story_dir/lighttpd.conf" >"$story_dir/lighttpd.out" 2>&1 &
  forge_ends+=($!)
  remote=http://127.0.0.1:$port/$1/flows.git
  wait_for git ls-remote "$remote"
}

# ssh_remote NAME: sshd on a port of its own, with keys of its own. Leaves the address in $remote; fails where it cannot be.
ssh_remote() {
  local sshd; sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || return 1
  [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
  local place=$story_dir/ssh; mkdir -p "$place"
  ssh-keygen -q -t ed25519 -N "" -f "$place/host" && ssh-keygen -q -t ed25519 -N "" -f "$place/user"
  cat >"$place/serve" <<'SERVE'
#!/bin/sh
# git-receive-pack '/NAME/flows.git', as the client asks for it, below the story's own directory.
set -- $(printf '%s' "$SSH_ORIGINAL_COMMAND" | tr -d "'")
exec git "${1#git-}" "$(dirname "$0")/../git$2"
SERVE
  chmod +x "$place/serve"
  local port; port=$(free_port)
  printf '%s\n' "Port $port" "ListenAddress 127.0.0.1" "HostKey $place/host" "AuthorizedKeysFile $place/user.pub" "StrictModes no" \
    "UsePAM no" "PidFile none" "PermitRootLogin yes" "ForceCommand HOME=$HOME $place/serve" >"$place/config"
  "$sshd" -D -e -f "$place/config" 2>"$place/log" &
  forge_ends+=($!)
  export GIT_SSH_COMMAND="ssh -F /dev/null -i $place/user -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=$place/known -o LogLevel=ERROR"
  remote=ssh://$(id -un)@127.0.0.1:$port/$1/flows.git
  for _ in $(seq 40); do git ls-remote "$remote" >/dev/null 2>&1 && return 0; sleep 0.1; done
  return 1
}
