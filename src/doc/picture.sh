#!/bin/sh
# Makes compare.png, the README's picture of the compare page, from the samples. Needs Chromium
# (Debian: apt-get install chromium). ChatGPT's third saved answer stands in for the API's.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

./graduate compare standup --new prompts/standup.chatgpt.3.md \
  --saved prompts/standup.chatgpt.md --saved prompts/standup.chatgpt.2.md \
  --facts --html "$work/page.html" >/dev/null || [ $? -eq 8 ] # one fact is missing

as_root=
[ "$(id -u)" -ne 0 ] || as_root=--no-sandbox
# shellcheck disable=SC2086 # no word where nobody is root
chromium --headless $as_root --disable-gpu --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --user-data-dir="$work/profile" --hide-scrollbars \
  --window-size=1280,950 --screenshot="$work/page.png" "file://$work/page.html" 2>"$work/said" ||
  { cat "$work/said" >&2; exit 1; }
mv "$work/page.png" src/doc/compare.png
