"""The command line."""

import argparse
import contextlib
import ipaddress
import os
import pathlib
import re
import ssl
import sys

from .addresses import ALL_SECONDS
from .findings import one_line
from .names import HOST, IPV4

MICROSOFT = ("https://prod.autodetect.outlook.cloud.microsoft/detect?services=office365,outlook,google,icloud,yahoo"
             "&protocols=rest-cloud,rest-outlook,rest-office365,eas,imap,pop3,smtp")

ENDPOINT = re.compile("(" + IPV4.pattern + r"|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?")

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"

EPILOG = """\
--resolve HOST=IP:PORT     reach HOST there, not where DNS says; for any port of HOST but 80, where plain HTTP is asked
--resolve HOST:443=IP:PORT the same for one port of HOST only; HOST:80 is the way to plain HTTP
--resolve HOST=IP          HOST has this address, and the ports stay as they are
--resolve HOST=-           there is no such name
--resolve '*=...'          every name that no other --resolve gives; '*=-' keeps DNS out altogether
An IPv6 address stands in brackets: --resolve 'example.org=[::1]:8443'.

ADDRESS need not exist, but its domain must be the one that you serve. No password is sent.
A line begins with "ok", with "-" (nothing there, and nothing lost), with "warn" or with "FAIL".
All questions of one address together have two minutes. The json format is one object a line for each address; the
nagios format is one line for Icinga, Nagios and cron.
Exit status: 0 if no client would fail, 1 if one would, 2 for wrong usage.
With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL if a client would fail, 3 UNKNOWN, as for wrong usage."""


class Parser(argparse.ArgumentParser):
    """Reports wrong usage in the format that was asked for."""

    def error(self, message):
        if "--format=nagios" in sys.argv or ("--format", "nagios") in zip(sys.argv, sys.argv[1:]):
            print(f"AUTODISCOVER UNKNOWN - {one_line(message)}")
            sys.exit(3)
        super().error(message)


def arguments():
    """The options, checked."""
    parser = Parser(
        prog="autodiscover-probe", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
        description="Asks for the settings of ADDRESS as Outlook, phones and Thunderbird do, and says what each question\n"
                    "brings and what to change first.")
    parser.add_argument("address", metavar="ADDRESS", nargs="?", help="for example ada@example.org")
    parser.add_argument("--all", action="store_true", help="ask for every domain of the configuration instead")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--clients", action="store_true", help="print what the user of each mail program would end up with; "
                      "works on any server")
    mode.add_argument("--learn", action="store_true", help="print an autodiscover.toml made of what answers today; "
                      "works on any server")
    mode.add_argument("--compare", metavar=("OLD", "NEW"), nargs=2, help="print what a mail program would see differently; "
                      "each is IP, IP:PORT, 'dns' for what DNS says, or the path of an autodiscover.toml")
    parser.add_argument("--config", metavar="FILE", help="the autodiscover.toml that --all and --clients read; "
                        "AUTODISCOVER_CONFIG or /etc/autodiscover/autodiscover.toml when left out")
    parser.add_argument("--quiet", "-q", action="store_true", help="print only the failures and the first step")
    parser.add_argument("--format", choices=("text", "json", "nagios"), default="text", help="how the result is printed; text when left out")
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument("--ca", metavar="FILE", help="trust the certificates in FILE (PEM) too")
    parser.add_argument("--server", metavar="IP[:PORT]", help="ask this DNS server, not that of the system")
    parser.add_argument("--resolve", metavar="HOST=PLACE", action="append", default=[], help="see below")
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=5,
                        help="for each question; 5, as in Thunderbird, when left out")
    parser.add_argument("--ask-microsoft", action="store_true", help="also ask Microsoft's AutoDetect service what it "
                        "believes of the domain; this sends ADDRESS to Microsoft")
    parser.add_argument("--microsoft-url", metavar="URL", default=MICROSOFT, help="where that service is")
    options = parser.parse_args()
    if not 0 < options.timeout <= ALL_SECONDS:
        parser.error(f"--timeout {options.timeout:g}: must be between 0 and {ALL_SECONDS} seconds")
    try:
        options.places = dict(place(argument) for argument in options.resolve)
        options.server = [endpoint(options.server, 53)] if options.server else []
        options.trust = ssl.create_default_context()
        # Newer Pythons are stricter here than mail clients are.
        options.trust.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if options.ca:
            options.trust.load_verify_locations(options.ca)
        if options.all == bool(options.address):
            raise ValueError("one ADDRESS must be given, like ada@example.org, or --all")
        if options.all and (options.learn or options.compare):
            raise ValueError("--learn and --compare take one ADDRESS, not --all")
        if options.format == "nagios" and (options.clients or options.learn or options.compare):
            raise ValueError("--format nagios goes with none of --clients, --learn and --compare")
        options.compare = [side(each) for each in options.compare or ()]
        options.addresses = [address(options.address)] if options.address else configured(options)
    except (OSError, ValueError) as error:
        parser.error(f"{options.ca}: cannot be read as PEM: {error}" if isinstance(error, ssl.SSLError) else str(error))
    return options


def endpoint(text, port=None):
    """The IP address and the port of IP:PORT, [IP]:PORT or IP alone."""
    match = ENDPOINT.fullmatch(text)
    if not match or int(match[2] or 1) not in range(1, 65536):
        raise ValueError(f"'{text}' must be an IP address with or without a port, like 127.0.0.1:8443")
    return str(ipaddress.ip_address(match[1].strip("[]"))), int(match[2]) if match[2] else port


def side(text):
    """One side of --compare: a path, the word «dns», or the IP address and the ports for TLS and without."""
    if text == "dns" or text.endswith(".toml"):
        return text
    ip, port = endpoint(re.sub(r"(:\d+):\d+$", r"\1", text))
    plain = re.search(r":\d+:(\d+)$", text) if port else None
    return ip, port or 443, int(plain[1]) if plain else None if port else 80


def place(argument):
    """One --resolve: a key of the places, and what stands there."""
    name, equals, value = argument.lower().partition("=")
    if not equals:
        raise ValueError(f"--resolve '{argument}': names no place; HOST=IP:PORT would be right")
    if not re.fullmatch(r"\*|[a-z0-9._-]+(:\d{1,5})?", name):
        raise ValueError(f"--resolve '{argument}': must begin with a host name; HOST=IP:PORT would be right")
    return name, None if value == "-" else endpoint(value)


def address(text):
    """Local part and domain; the domain as DNS has it."""
    local, _, domain = text.rpartition("@")
    if not re.fullmatch(rf"{ATOM}(\.{ATOM})*", local) or len(local) > 64:
        raise ValueError(f"'{text}' must be an e-mail address, like ada@example.org")
    # Python has IDNA of 2003, which makes other names of these than IDNA of today.
    if re.search("[\u00df\u1e9e\u03c2\u200c\u200d]", domain):
        raise ValueError(f"'{text}': give the domain as DNS has it, beginning with xn--")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode().lower()
    if not HOST.fullmatch(domain) or "_" in domain:
        raise ValueError(f"'{text}' must have a valid domain, like ada@example.org")
    return local, domain


def configured(options):
    """An address in each domain of the configuration: those in `domains`, and those with a file in domains/."""
    path = pathlib.Path(options.config or os.environ.get("AUTODISCOVER_CONFIG") or "/etc/autodiscover/autodiscover.toml")
    # The one key that is needed stands above the first table; Python before 3.11 reads no TOML.
    text = re.split(r"(?m)^\s*\[", path.read_text("utf-8"), maxsplit=1)[0]
    listed = re.search(r"""(?m)^\s*["']?domains["']?\s*=\s*\[((?:"[^"\n]*"|'[^'\n]*'|\#[^\n]*|[^]"'#])*)\]""", text)
    names = re.findall(r"""["']([^"'\n]*)["']""", re.sub(r"#[^\n]*", "", listed[1])) if listed else []
    names += sorted(file.stem for file in (path.parent / "domains").glob("*.toml"))
    for name in names:
        if "*" in name:
            print(f"autodiscover-probe: '{name}' stands for many domains; ask for an address in one of them",
                  file=sys.stderr)
    addresses = [address(f"postmaster@{name}") for name in dict.fromkeys(names) if "*" not in name]
    if not addresses:
        raise ValueError(f"{path}: names no domain that could be asked")
    return addresses
