# Prints each file that package.json promises to ship and that is not there.
set -eu
cd "$1"
sed -n '/"files": \[/,/\]/p' package.json | sed -n 's/^ *"\([^"]*\)",*$/\1/p' | while read -r file; do
  [ -e "$file" ] || echo "$file"
done
