# Sourced by tests/run.sh and examples/demo.sh: installs what is missing and builds. Quiet about what is there already.

BUILD_PACKAGES="g++ cmake ninja-build pkg-config git ca-certificates libgit2-dev libyaml-dev nlohmann-json3-dev libcli11-dev
  libsqlitecpp-dev libsqlite3-dev libexpected-dev libfmt-dev libasio-dev libsodium-dev libre2-dev libcurl4-openssl-dev libvalijson-dev libgtest-dev libgmock-dev musl-tools zlib1g-dev"
RUN_PACKAGES="nodejs python3 bubblewrap"
TEST_PACKAGES="sqlite3 ccache procps lighttpd openssh-client openssh-server gnupg"

# install_missing PACKAGE...: with apt, as root or through sudo; where neither can be had, says what to type and ends.
# A program that is there from elsewhere (a node from a version manager) counts as installed.
install_missing() {
  local missing="" package
  for package in "$@"; do
    case $package in
      bubblewrap) command -v bwrap >/dev/null && continue ;;
      nodejs) command -v node >/dev/null && continue ;;
      python3 | g++ | cmake | git | ccache | sqlite3) command -v "$package" >/dev/null && continue ;;
    esac
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  local apt="apt-get"
  if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then apt="sudo apt-get"; else
      echo "These packages are missing; type this, then start again:" >&2
      echo "  sudo apt-get install --no-install-recommends$missing" >&2
      exit 1
    fi
  fi
  echo "installing:$missing"
  local log; log=$(mktemp)
  if ! { DEBIAN_FRONTEND=noninteractive $apt update -qq &&
         DEBIAN_FRONTEND=noninteractive $apt install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "apt could not install what is missing" >&2
    exit 1
  fi
  rm -f "$log"
}

# build PRESET [CMAKE ARGUMENT...]: configures and builds; prints the log only when it fails.
build() {
  local preset=$1 log started; shift
  log=$(mktemp) started=$(date +%s)
  if ! { cmake --preset "$preset" "$@" && cmake --build --preset "$preset"; } >"$log" 2>&1; then
    grep -nE 'error|Error|FAILED' "$log" | head -n 40 >&2
    tail -n 30 "$log" >&2
    echo "the build failed; all of its output: $log" >&2
    exit 1
  fi
  rm -f "$log"
  echo "built (preset $preset) in $(($(date +%s) - started)) s"
}
