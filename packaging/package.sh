# shellcheck shell=bash
# What every package is made from: the executable, its version and architecture, and a date that does not depend on
# when it is built; to be sourced.
# ARCHITECTURE=aarch64, or x86_64, packs for that architecture.

# shellcheck disable=SC2034  # for those who source this
package_architecture=${ARCHITECTURE:-$(uname -m)}
# shellcheck disable=SC2034
package_version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
# Unpacked from an archive there is no commit; the changelog is then as old as the release.
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}"
export SOURCE_DATE_EPOCH

# project_value NAME: prints the value in packaging/project.toml; an empty line when the project has none.
project_value() {
    sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" packaging/project.toml
}

# package_build: lays cgi-bin/autodiscover.cgi, and Rust in the PATH. What is handed on is built for musl alone.
package_build() {
    cgi-bin/build.sh --musl >&2
    PATH=$(cgi-bin/build.sh --rust):$PATH
}

# A list of files has lines MODE TARGET SOURCE [ORIGIN]. ORIGIN is the file of the repository that SOURCE is made from.

# package_documents DOC EXAMPLES: prints the list of the pages, and of what they name, for these two directories.
package_documents() {
    local doc=$1 examples=$2
    cat <<END
644 $doc/index.md packaging/README.md
644 $doc/project.toml packaging/project.toml
644 $doc/systems.md packaging/systems.md
644 $doc/rhel.md packaging/rhel.md
644 $doc/recipes.md packaging/recipes.md
644 $doc/panels.md packaging/panels.md
644 $doc/cluster.md packaging/cluster.md
644 $doc/export.md packaging/export.md
644 $doc/front.md packaging/front.md
644 $doc/image.md packaging/image.md
644 $doc/clients.md tests/clients/README.md
644 $doc/bench.md tests/bench/README.md
644 $doc/page.png packaging/page.png
644 $examples/autodiscover.conf apache/autodiscover.conf
644 $examples/nginx.conf packaging/nginx.conf
644 $examples/lighttpd.conf packaging/lighttpd.conf
644 $examples/autodiscover.schema.json packaging/autodiscover.schema.json
755 $examples/autodiscover-sync packaging/autodiscover-sync
644 $examples/export-nginx.conf packaging/export-nginx.conf
644 $examples/export-apache.conf packaging/export-apache.conf
755 $examples/export-upload packaging/export-upload
END
}

# package_nginx_block PROGRAM: prints the part of nginx.conf that belongs in the server block of any site.
package_nginx_block() {
    echo '# Answers mail clients in the server block that includes this file.'
    sed -n '/^    # What follows, up to "end"/,/^    # end$/p' packaging/nginx.conf | sed -e '1d;$d' -e "s|/usr/lib/cgi-bin/autodiscover.cgi|$1|"
}

# package_system WORK SHARE ZSH PROGRAM: prints the list of what a system has around the PROGRAM: in SHARE, such as
# usr/share, manual pages, completions and documents, and beside it sbin. ZSH is the directory in SHARE for zsh. WORK gets
# what is made first.
package_system() {
    local work=$1 share=$2 zsh=$3 program=$4 page doc
    package_nginx_block "$program" >"$work/nginx-block.conf"
    doc=$share/doc/autodiscover
    cargo run --quiet --locked --example completions "$work/completions"
    for page in autodiscover.1 autodiscover-probe.1 autodiscover.toml.5 autodiscover-panel.8; do
        gzip -9nc "packaging/$page" >"$work/$page.gz"
        echo "644 $share/man/man${page##*.}/$page.gz $work/$page.gz packaging/$page"
    done
    cat <<END
644 $share/bash-completion/completions/autodiscover $work/completions/autodiscover.bash packaging/completions.rs
644 $share/zsh/$zsh/_autodiscover $work/completions/_autodiscover packaging/completions.rs
644 $share/fish/vendor_completions.d/autodiscover.fish $work/completions/autodiscover.fish packaging/completions.rs
644 $share/autodiscover/nginx-block.conf $work/nginx-block.conf
644 $share/autodiscover/autodiscover_plugin.inc.php packaging/panels/autodiscover_plugin.inc.php
755 ${share%/share}/sbin/autodiscover-panel packaging/panels/autodiscover-panel
644 $doc/README.md README.md
644 $doc/SECURITY.md SECURITY.md
644 $doc/webspace.txt packaging/INSTALL
644 $doc/examples/htaccess apache/htaccess
END
    package_documents "$doc" "$doc/examples"
}

# package_install ROOT: reads a list and lays each source below ROOT; links in pages then lead to what lies there.
package_install() {
    local root=$1 list mode target source
    list=$(cat)
    while read -r mode target source _; do
        install -D -m "$mode" "$source" "$root/$target"
    done <<<"$list"
    packaging/pages.py "$root" <<<"$list"
}

# package_stage FOLDER: the same in a folder of its own, with the date above.
package_stage() {
    package_install "$1"
    find "$1" -type d -exec chmod 755 {} +
    find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
}
