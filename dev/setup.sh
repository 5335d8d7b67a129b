# What a machine needs: Debian packages, Odoo, a Python environment. Each need_… does nothing when it is met.

need_folders() {
    mkdir -p "$CACHE" "$STATE"/{log,data,screenshots} || die "cannot write to $CACHE or $STATE"
    CACHE=$(cd "$CACHE" && pwd -P) STATE=$(cd "$STATE" && pwd -P)
    chmod 755 "$STATE"
    local owner
    owner=$(cat "$STATE/clone" 2>/dev/null || echo "$ROOT")
    if [[ $owner != "$ROOT" ]]; then
        [[ ! -d $owner || -z ${CADENCE_STATE:-} ]] || die "$STATE belongs to the clone in $owner"
        say "This folder is a copy of $owner: starting with databases of its own"
        rm -rf "${STATE:?}"/*
        mkdir -p "$STATE"/{log,data,screenshots}
    fi
    echo "$ROOT" >"$STATE/clone"
    # Odoo and pytest-odoo take a module's name from its folder; a clone may have any. The link to it does not lie in the
    # clone itself, or Odoo's exporter of terms would walk in circles.
    ADDONS=$CACHE/addons-$(echo "$ROOT" | short_hash)
    ADDON=$ADDONS/$MODULE
    mkdir -p "$ADDONS"
    ln -sfn "$ROOT" "$ADDON"
}

has_package() {
    case $1 in
        postgresql) postgres_bin >/dev/null ;;
        postgresql-client) type -P psql pg_dump >/dev/null ;;
        chromium) [[ -n $(type -P google-chrome chromium chromium-browser google-chrome-stable) ]] ;;
        fonts-noto-cjk) [[ -n $(fc-list :lang=zh 2>/dev/null) ]] ;;
        python3-venv) find_python >/dev/null ;;
    esac
}

need_packages() {
    local package missing=()
    for package; do has_package "$package" || missing+=("$package"); done
    ((${#missing[@]})) || return 0
    type -P apt-get >/dev/null || die "missing on this machine: ${missing[*]} (Debian's names); install them first"
    ((EUID == 0)) || die "missing on this machine: sudo apt-get install ${missing[*]}"
    say "Installing ${missing[*]} …"
    quietly apt apt-get -q update
    DEBIAN_FRONTEND=noninteractive quietly apt apt-get -q install -y --no-install-recommends "${missing[@]}"
}

# The pinned libraries have wheels for 3.11 and 3.12; Odoo 19 itself runs on 3.10 to 3.13.
find_python() {
    local python
    for python in python3.11 python3.12 python3 python3.10 python3.13; do
        "$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null || continue
        type -P "$python"
        return
    done
    return 1
}

need_odoo() {
    if [[ -n ${ODOO_PATH:-} ]]; then
        local folder
        for folder in "$ODOO_PATH" "$ODOO_PATH/.." "$ODOO_PATH/usr/lib/python3/dist-packages"; do
            [[ -f $folder/odoo/release.py ]] && ODOO=$(cd "$folder" && pwd -P) && break
        done
        [[ -n ${ODOO:-} ]] || die "ODOO_PATH=$ODOO_PATH holds no Odoo (looked for odoo/release.py)"
    else
        ODOO=$CACHE/odoo-19/usr/lib/python3/dist-packages
        [[ -f $CACHE/odoo-19/.ready ]] || with_lock "$CACHE/odoo.lock" unpack_odoo
    fi
    grep -q '^version_info = (19, 0' "$ODOO/odoo/release.py" || die "$ODOO is not Odoo 19"
}

# Odoo 19 is a package of Debian unstable. Installing it would pull in that suite's Python, so it is only unpacked, and
# beside it what its links point to (the icons from bookworm: the later Font Awesome has other file names).
unpack_odoo() {
    [[ ! -f $CACHE/odoo-19/.ready ]] || return 0
    local apt=$CACHE/apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg mirror deb
    type -P apt-get dpkg >/dev/null && [[ -f $keyring ]] || die "no Debian here to take Odoo from: set ODOO_PATH to an Odoo 19"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -m1 '/debian/$') \
        || die "apt knows no Debian mirror: set ODOO_PATH to an Odoo 19"
    say "Downloading Odoo 19 (130 MB) …"
    mkdir -p "$apt"/{debs,lists,cache}
    printf "deb [signed-by=$keyring] $mirror %s main\n" sid bookworm >"$apt/odoo.list"
    local options=(-q -o Dir::Etc::sourcelist="$apt/odoo.list" -o Dir::Etc::sourceparts=/dev/null
        -o Dir::State::Lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User="$(id -un)")
    quietly odoo apt-get "${options[@]}" update
    (cd "$apt/debs" && quietly odoo apt-get "${options[@]}" download odoo-19/sid libjs-jquery/sid libjs-jquery-form/sid \
        libjs-underscore/sid fonts-roboto-unhinted/sid fonts-montserrat/sid fonts-inconsolata/sid fonts-ocr-b/sid \
        fonts-font-awesome/bookworm)
    say "Unpacking Odoo 19 …"
    rm -rf "$CACHE/odoo-19" "$CACHE/odoo-19.new"
    for deb in "$apt"/debs/*.deb; do quietly odoo dpkg -x "$deb" "$CACHE/odoo-19.new"; done
    # Debian leaves this file out; asking for it in vain is a console error, which fails every tour.
    local selfie=$CACHE/odoo-19.new/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
    mkdir -p "$selfie"
    [[ -e $selfie/selfie_segmentation.js ]] || : >"$selfie/selfie_segmentation.js"
    (cd "$apt/debs" && echo odoo-19_*.deb) >"$CACHE/odoo-19.new/.ready"
    mv "$CACHE/odoo-19.new" "$CACHE/odoo-19"
}

need_python() {
    local python
    python=$(find_python)
    VENV=$CACHE/venv-$({ cat "$ROOT/dev/requirements.txt"; echo "$ODOO"; "$python" --version; } | short_hash)
    [[ -f $VENV/.ready ]] || with_lock "$CACHE/venv.lock" make_venv "$python"
    export PATH=$VENV/bin:$PATH
}

make_venv() {
    [[ ! -f $VENV/.ready ]] || return 0
    say "Installing the Python libraries (1 or 2 minutes) …"
    rm -rf "$VENV"
    quietly python "$1" -m venv "$VENV"
    quietly python "$VENV/bin/python" -m pip install --disable-pip-version-check --prefer-binary -r "$ROOT/dev/requirements.txt"
    echo "$ODOO" >"$("$VENV/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/odoo.pth"
    quietly python "$VENV/bin/python" -c 'import odoo.release'
    touch "$VENV/.ready"
}

# need_everything [PACKAGE…]: from a bare machine to a PostgreSQL with the base database.
need_everything() {
    need_folders
    need_packages "$(postgres_package)" python3-venv "$@"
    need_odoo
    need_python
    start_postgres
    write_conf odoo
    with_lock "$STATE/setup.lock" build_database "$BASE_DB" "$(base_key)" make_base
}
