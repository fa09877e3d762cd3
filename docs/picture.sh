#!/usr/bin/env bash
# Makes the README's picture and story anew: plays the demo, takes a picture of the console when the
# incident has closed, and puts what the demo printed between the README's markers.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
data=$(mktemp -d)
port=${PORT:-8099}
story=$data/story.txt

"$here/firebreak" demo --port "$port" --data "$data/demo" >"$story" &
demo=$!
trap 'kill $demo 2>/dev/null || true' EXIT
for _ in $(seq 1 400); do
  grep -qE 'DONE|WRONG' "$story" && break
  kill -0 $demo 2>/dev/null || { cat "$story"; exit 1; }
  sleep 1
done
grep -q DONE "$story" || { cat "$story"; exit 1; }

node "$here/console/test/picture.mjs" "http://127.0.0.1:$port" "$here/docs/console.png"
kill $demo

node - "$here/README.md" "$story" "$data/demo" "$port" <<'EOT'
const fs = require('fs');
const [readme, story, data, port] = process.argv.slice(2);
const lines = fs
  .readFileSync(story, 'utf8')
  .replaceAll(data, 'a temporary folder')
  .replaceAll(':' + port, ':8080')
  .split('\n')
  .filter((line) => !line.includes('The console stays open'))
  .join('\n')
  .trimEnd();
const text = fs.readFileSync(readme, 'utf8');
const block = '<!-- story -->\n```\n' + lines + '\n```\n<!-- /story -->';
fs.writeFileSync(readme, text.replace(/<!-- story -->[^]*<!-- \/story -->/, () => block));
EOT
printf 'docs/console.png and the story in README.md are new\n'
