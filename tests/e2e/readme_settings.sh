#!/bin/bash
# The README's tables of settings name every setting that --help prints, with its default, and no
# other. `readme_settings.sh --rows` prints rows for what --help has.
set -euo pipefail

# NAME DEFAULT, one a line: the flag of each paragraph and its "Default: X.".
of_help() {
    "$DUNLIN_BIN_DIR/address_book" --help | awk '
        function finish() {
            if (name == "" || !match(text, /Default: [^ ]+\. Environment: /)) return
            print name, substr(text, RSTART + 9, RLENGTH - 9 - 15)
        }
        /^  --[a-z-]+(\.[a-z0-9-]+)+=/ { finish(); name = $1; gsub(/^--|=.*/, "", name); text = ""; next }
        /^      / { sub(/^ +/, " "); text = text $0; next }
        { finish(); name = "" }
        END { finish() }'
}

# shellcheck disable=SC2016 # back-ticks of Markdown
# The same of the rows that begin with | `name` | `default` |; no default is an empty cell.
of_readme() {
    sed -nE 's/^\| `([a-z-]+(\.[a-z0-9-]+)+)` \| (`([^`]*)`)? ?\|.*/\1 \4/p' "$DUNLIN_SOURCE_DIR/README.md" \
        | awk '{ print $1, (NF == 1) ? "none" : $2 }'
}

if [ "${1:-}" = --rows ]; then
    # shellcheck disable=SC2016 # likewise
    of_help | sed -E 's/^(\S+) (.*)/| `\1` | `\2` | |/; s/`none`//'
    exit
fi
[ "$(of_help | wc -l)" -gt 30 ] || { echo "FAIL: --help prints only: $(of_help)" >&2; exit 1; }
diff -u --label README.md --label --help <(of_readme) <(of_help) \
    || { echo "FAIL: the README's tables are not what --help says: + is to come, - to go" >&2; exit 1; }
