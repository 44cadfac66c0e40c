#!/usr/bin/env bash
# Notebooks in a real Jupyter, one of them in a real browser, all on this machine: see check.py. Debian's packages are
# installed where they are missing and may be; elsewhere the check is skipped and says so, except where CI is true.
#
#   notebooks/browser/check.sh [FOLDER]     screenshots go to FOLDER
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
packages=(jupyter-nbconvert python3-nbclient jupyter-client jupyter-notebook python3-tornado chromium fonts-dejavu-core)

missing() {
  for program in /usr/bin/jupyter-nbconvert /usr/bin/jupyter-notebook /usr/bin/chromium; do
    if [ ! -x "$program" ]; then echo "$program"; fi
  done
  /usr/bin/python3 -c 'import jupyter_client, nbclient, tornado' 2>/dev/null || echo "Python's nbclient"
}

skip() {
  echo "browser check: $1"
  if [ "${CI:-}" = true ]; then exit 1; fi
  echo "browser check: SKIPPED; nothing was checked"
  exit 0
}

if [ -n "$(missing)" ]; then
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    skip "there is no $(missing | head -n 1), and only root on Debian can install it: apt-get install ${packages[*]}"
  fi
  echo "browser check: installing ${packages[*]}"
  log=$(mktemp)
  if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"; } \
    >"$log" 2>&1; then
    tail -n 5 "$log"; rm -f "$log"; skip "apt-get failed"
  fi
  rm -f "$log"
  if [ -n "$(missing)" ]; then skip "still missing after installation: $(missing | tr '\n' ' ')"; fi
fi

# Debian's own Python, whatever comes first on the path: its Jupyter belongs to it.
exec /usr/bin/python3 -B "$here/check.py" "$@"
