# Sourced by stories that ask models, after harness.bash: the scripted server of tests/fakes, and no key of the user's own.
unset ANTHROPIC_API_KEY OPENAI_API_KEY GEMINI_API_KEY GOOGLE_API_KEY OLLAMA_HOST
unset ANTHROPIC_BASE_URL OPENAI_BASE_URL OE_ANTHROPIC_MODEL OE_OPENAI_MODEL
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy

# model_server [ARGUMENT...]: starts one; it ends with the story. Leaves its address in $server.
model_server() {
  local pipe; pipe=$(mktemp -u "$story_dir/server.XXXX")
  mkfifo "$pipe"
  node "$top/tests/fakes/model_server.mjs" "$@" <"$pipe" >"$pipe.out" &
  exec {server_input}>"$pipe"
  wait_for grep -q port "$pipe.out"
  server=http://127.0.0.1:$(python3 -c 'import json, sys; print(json.loads(open(sys.argv[1]).readline())["port"])' "$pipe.out")
}
# of_server METHOD PATH [BODY]
of_server() {
  python3 - "$server" "$@" <<'PY'
import sys, urllib.request
base, method, path, *body = sys.argv[1:]
request = urllib.request.Request(base + path, method=method, data=body[0].encode() if body else None)
sys.stdout.write(urllib.request.urlopen(request, timeout=10).read().decode())
PY
}
# script JSON: what the server does from now on; its log is forgotten.
script() { of_server POST /_script "$1" >/dev/null; of_server DELETE /_log >/dev/null; }
# asked EXPRESSION: of the log of the server, as Python sees it in `log`.
asked() { of_server GET /_log | python3 -c 'import json, sys; log = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }
