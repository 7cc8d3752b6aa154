"""What a web server's refusal comes from, as far as a few more requests to the same host tell.

Each function takes `ask`, which asks for a path of that host, and the answer; it returns what to add to the answer's text,
the cause, and fields of its advice, or None where nothing more is known.
"""

import re
import secrets

PROGRAM_PATH = "/cgi-bin/autodiscover.cgi"
# A name that no web server has.
MADE_UP = "made-up-" + secrets.token_hex(4)


def diagnosis(ask, answer):
    told = {403: forbidden, 404: not_found, 500: failed, 502: bad_gateway, 503: unavailable}.get(answer.status)
    if answer.cause in ("website", "redirect"):
        told = not_found
    return told(ask, answer) if told else None


def broken_body(ask, answer):
    """The status of a POST whose body is not what its header says: 400 of whoever begins to read it."""
    return ask(answer.path, "POST", b"zz\r\n\r\n", {"Transfer-Encoding": "chunked"}).status


def forbidden(ask, answer):
    if b"Server unable to read htaccess file" in answer.body:
        return "it may not read a .htaccess", "htaccess-mode", {}
    again = ask(answer.path)
    if again.location and again.location.partition("?")[0] == answer.place:
        return "a GET is redirected to itself, as the web server does not know that TLS ends in front of it", "proxy", {}
    if ask(f"/{MADE_UP}.txt").status == 403:
        return "it refuses every page", "all-refused", {}
    if ask(PROGRAM_PATH).status != 403:
        # In a virtual host of our own names these paths lead to the program, wherever it lies.
        both = {ask(path).status for path in ("/autodiscover/autodiscover.json", "/mail/config-v1.1.xml")}
        return ("it refuses all that leads to the program", "closed", {}) if both == {403} else None
    # Apache's Files compares the whole name, AddHandler looks at each of its endings (mod_mime), and both ask before they
    # look whether there is such a file.
    if ask(f"/cgi-bin/{MADE_UP}.txt").status == 403:
        return "it refuses the whole directory", "closed", {}
    if ask(f"/cgi-bin/{MADE_UP}.cgi").status == 403 and ask(f"/cgi-bin/{MADE_UP}.cgi.txt").status != 403:
        return "it refuses every *.cgi", "cgi-rule", {}
    return "it runs no CGI program in that directory", "exec-cgi", {}


def not_found(ask, answer):
    """A file of another ending that content negotiation puts in the place of a directory (mod_negotiation)."""
    stem = answer.path.split("/")[1].partition("?")[0]
    found = ask(f"/{stem}") if stem in ("autodiscover", "mail") else None
    file = found.header("Content-Location").rpartition("/")[2] if found else ""
    if re.fullmatch(stem + r"\.[\w.-]{1,60}", file):
        return f"MultiViews puts the file {file} in its place", "multiviews", {"file": file, "stem": stem}
    return None


def failed(ask, answer):
    """A wrong line in .htaccess shows before anything else; the program begins to read what is sent before it fails."""
    if ask("/").status == 500 and ask(f"/{MADE_UP}.txt").status == 500:
        return None if broken_body(ask, answer) == 400 else ("so does every other page", "htaccess", {})
    if ask(f"/cgi-bin/{MADE_UP}.txt").status == 500:
        return "so does everything in cgi-bin", "htaccess-cgi", {}
    return None


def bad_gateway(ask, answer):
    """nginx asks fcgiwrap for the program alone, and answers for the rest itself."""
    if b"<center>nginx" in answer.body and ask(f"/{MADE_UP}.txt").status != 502:
        return "nginx itself works, but fcgiwrap does not", "fcgiwrap", {}
    return None


def unavailable(ask, answer):
    """mod_cgid looks for its daemon before it reads what is sent, a proxy reads it before it looks for its backend."""
    if b"The server is temporarily unable to service your" in answer.body and broken_body(ask, answer) == 503:
        return "Apache works, but its daemon for CGI programs (cgid) does not run", "cgid", {}
    return None
