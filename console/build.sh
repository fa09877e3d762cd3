#!/bin/sh
# Says in one line that Node is missing, which Maven alone would say in thirty.
command -v node >/dev/null || {
  echo "console: Node 20.19 or newer is needed to build the page, and none is on the PATH" >&2
  exit 1
}
exec node build.mjs
