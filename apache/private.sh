# shellcheck shell=bash
# A private Apache on loopback, for serve.sh and for the tests; to be sourced.
# It lives in a folder of its own and neither reads nor disturbs an Apache of the system.

# The distributions do not agree on the name of the executable.
private_apache_find() {
    local name
    for name in apache2 httpd; do
        PATH=$PATH:/usr/sbin:/sbin type -P "$name" && return
    done
    return 1
}

# private_apache_certificate FOLDER NAME...: cert.pem and key.pem for these host names.
private_apache_certificate() {
    local folder=$1 first=$2 names
    shift
    names=$(printf ',DNS:%s' "$@")
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$first" \
        -addext "subjectAltName=${names#,}" -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>"$folder/openssl.log" ||
        { cat "$folder/openssl.log" >&2; return 1; }
    chmod 600 "$folder/key.pem"
}

# private_apache_ports: prints two ports of loopback that are free.
private_apache_ports() {
    # Both sockets stay open until both numbers are known, so that they differ.
    python3 -c '
import socket
sockets = [socket.socket() for _ in range(2)]
for s in sockets:
    s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))'
}

# private_apache_base FOLDER MPM HTTPS_PORT HTTP_PORT: prints the part of the configuration that no layout changes.
private_apache_base() {
    local folder=$1 mpm=$2 https=$3 http=$4 httpd modules built_in name
    httpd=$(private_apache_find)
    for modules in /usr/lib/apache2/modules /usr/lib64/httpd/modules /usr/lib/httpd/modules /usr/lib64/apache2 ''; do
        [[ -e $modules/mod_cgi.so ]] && break
    done
    if [[ -z $modules ]]; then
        echo 'private Apache: no folder with mod_cgi.so found' >&2
        return 1
    fi
    echo "ServerRoot \"$folder\""
    echo "DefaultRuntimeDir \"$folder\""
    echo "PidFile \"$folder/pid\""
    echo "ErrorLog \"$folder/error.log\""
    # A self-signed certificate is no news here.
    echo 'LogLevel warn ssl:error'
    echo 'ServerName localhost'
    # cgid belongs to a threaded server and cgi to prefork, as a2enmod would choose.
    local cgi=cgid
    [[ $mpm == prefork ]] && cgi=cgi
    built_in=$("$httpd" -l)
    for name in "mpm_$mpm" unixd log_config authz_core alias rewrite env setenvif mime dir autoindex ssl "$cgi"; do
        # shellcheck disable=SC2076
        [[ $built_in =~ "mod_$name.c" || $built_in =~ " $name.c" ]] && continue
        echo "LoadModule ${name}_module \"$modules/mod_$name.so\""
    done
    [[ $cgi == cgid ]] && echo "ScriptSock \"$folder/cgid.sock\""
    echo 'TypesConfig /dev/null'
    # httpd does not answer requests as root; without root it has no choice of user.
    if [[ $(id -u) == 0 ]]; then
        for name in www-data apache wwwrun nobody; do
            id -u "$name" >/dev/null 2>&1 && break
        done
        echo "User $name"
        echo "Group $(id -gn "$name")"
    fi
    echo "Listen 127.0.0.1:$https"
    echo "Listen 127.0.0.1:$http"
    echo '<Directory />'
    echo '    AllowOverride None'
    echo '    Require all denied'
    echo '</Directory>'
    # Every distribution has this.
    echo '<Files ".ht*">'
    echo '    Require all denied'
    echo '</Files>'
}

# private_apache_start FOLDER PORT: runs FOLDER/httpd.conf and waits until PORT answers; the process is private_apache_pid.
private_apache_start() {
    local folder=$1 port=$2 httpd tries
    httpd=$(private_apache_find)
    "$httpd" -f "$folder/httpd.conf" -t >"$folder/start.log" 2>&1 || { cat "$folder/start.log" >&2; return 1; }
    # In a process group of its own: when it stops, the prefork server signals its whole group, which is ours otherwise.
    set -m
    "$httpd" -f "$folder/httpd.conf" -DFOREGROUND </dev/null >"$folder/start.log" 2>&1 &
    private_apache_pid=$!
    set +m
    for ((tries = 0; tries < 100; tries++)); do
        # The port of a stranger would answer too, so the process must be alive as well.
        kill -0 "$private_apache_pid" 2>/dev/null || break
        if [[ -e $folder/pid ]] && (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            return 0
        fi
        sleep 0.1
    done
    echo 'private Apache: it did not start' >&2
    cat "$folder/start.log" "$folder/error.log" >&2 2>/dev/null || true
    return 1
}

private_apache_stop() {
    [[ -n ${private_apache_pid:-} ]] || return 0
    kill "$private_apache_pid" 2>/dev/null || true
    wait "$private_apache_pid" 2>/dev/null || true
    private_apache_pid=
}
