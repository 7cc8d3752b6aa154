"""The documents of Autodiscover and autoconfig, as far as clients read them."""

import base64
import contextlib
import json
import re
import xml.etree.ElementTree as ET

from .findings import MANY, short
from .names import HOST, is_host

SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/"

OUTLOOK, MOBILESYNC, RESPONSE = (SCHEMA + name for name in (
    "outlook/responseschema/2006a", "mobilesync/responseschema/2006", "responseschema/2006"))


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, *_):
        raise ValueError("it has a document type declaration")


def read_xml(body):
    """The root element, without what clients refuse; ValueError says why there is none."""
    # White space before the root is allowed, but not before an XML declaration (XML 1.0, section 2.8).
    if body[:1].isspace() and body.lstrip().startswith(b"<?xml"):
        raise ValueError("there is white space before its beginning")
    parser = ET.XMLParser(target=_NoDoctype())
    try:
        parser.feed(body)
        return parser.close()
    except ET.ParseError as error:
        # 3 is expat's XML_ERROR_NO_ELEMENTS, which is what a document that was cut off gives.
        raise ValueError("it ends too early" if error.code == 3 else str(error)) from None
    except LookupError as error:
        raise ValueError(str(error)) from None


def read_json(text):
    """The value, or None; for text from anywhere."""
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(text)


def member(value, *keys):
    """What lies in an object of JSON under these keys, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def local_name(element):
    return element.tag.rpartition("}")[2]


def namespace(element):
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else "none"


def every(element, path):
    """The elements at the end of a path of local names, which slashes separate."""
    return element.findall("/".join("{*}" + name for name in path.split("/")))


def text_of(element, path="."):
    """The text of the first such element, or of the element itself; empty where there is none."""
    found = [element] if path == "." else every(element, path)
    return " ".join("".join(found[0].itertext()).split()) if found else ""


MODES = {"ssl": "with TLS", "starttls": "with STARTTLS", "none": "without encryption"}

DEFAULT_PORTS = {"imap": (993, 143, 143), "pop3": (995, 110, 110), "smtp": (465, 587, 25)}


def default_port(kind, mode):
    return DEFAULT_PORTS[kind][list(MODES).index(mode)]


def spoken(servers):
    return ", ".join(f"{kind.upper()} {host} port {port} {MODES[mode]}" for kind, host, port, mode in servers[:MANY])


def root_of(answer, root_name):
    """The root of the XML document that this must be, or None, which is said already."""
    try:
        root = read_xml(answer.body)
    except ValueError as error:
        answer.be("broken", f"a document that is not well-formed: {short(error)}", "namespace")
        return None
    if local_name(root) == root_name:
        return root
    answer.be("broken", f"the root element is {short(local_name(root))}, where {root_name} should be", "namespace")
    return None


def settle(answer, incomplete):
    """What a document of settings is, by its type, its servers and what is doubted."""
    media_type = answer.header("Content-Type")
    if not re.match(r"(text|application)/xml", media_type.lower()):
        answer.doubt(f'the Content-Type is "{short(media_type)}", which Thunderbird does not read; '
                   "text/xml would be right", "type")
    if incomplete:
        answer.doubt(incomplete)
    levels = {level for level, _, _ in answer.lines}
    text = f"answers with {spoken(answer.servers) or 'no mail server'}"
    if "FAIL" in levels:
        return answer.be("mislead", text + ", and would mislead")
    return answer.be("doubtful", text + ", with doubts") if levels else answer.be("right", text)


def judge_server(answer, kind, name, host, port, mode, words, right):
    """Notes a mail server, and whether its port has that encryption; `right` is how TLS and STARTTLS are written."""
    if not re.fullmatch(r"\d{1,5}", port) or int(port) not in range(1, 65536):
        return answer.doubt(f'{name}: the port is "{short(port)}"; 1 to 65535 would be right')
    port, host = int(port), host.lower()
    if mode == "starttls" and port in (993, 995, 465):
        answer.doubt(f"{name}: {words} begins in the clear, but port {port} begins with TLS at once; "
                     f"{right[0]} would be right")
    if mode == "ssl" and port in (143, 110, 587, 25):
        answer.doubt(f"{name}: {words} begins with TLS at once, but port {port} begins in the clear; "
                     f"{right[1]} would be right")
    if not is_host(host):
        return answer.doubt(f'{name}: the server is "{short(host)}"; a host name would be right')
    return answer.servers.append((kind, host, port, mode))


def judge_block(answer, block):
    """One Protocol of a document for Outlook (MS-OXDSCLI)."""
    field = {local_name(child): text_of(child) for child in block}
    name = "EXCH" if block.get("Type") else field.get("Type", "")
    if name in ("WEB", "CalDAV", "CardDAV", "DAV", "NNTP"):
        return
    if name in ("EXCH", "EXPR", "EXHTTP"):
        answer.hint(f"{name} makes this an Exchange account")
        return
    if name not in ("IMAP", "POP3", "SMTP"):
        right = {"POP": "POP3"}.get(name.upper(), name.upper())
        if right in ("IMAP", "POP3", "SMTP"):
            answer.doubt(f"no client knows the Type {short(name)}; {right} would be right")
        else:
            answer.hint(f"no client knows the Type {short(name or '(none)')}")
        return
    # Both default to on, which no administrator expects of SPA.
    encrypted, encryption = field.get("SSL", "on"), field.get("Encryption", "")
    spa = field.get("SPA", "missing, which means on")
    if encrypted not in ("on", "off"):
        answer.doubt(f'{name}: SSL is "{short(encrypted)}"; on or off would be right')
    mode = {"SSL": "ssl", "TLS": "starttls", "None": "none", "": "none" if encrypted == "off" else "ssl"}.get(encryption)
    if mode is None:
        mode = "starttls" if field.get("Port") in ("143", "110", "587", "25") else "ssl"
        if encryption != "Auto":
            answer.doubt(f'{name}: Encryption is "{short(encryption)}"; SSL, TLS or None would be right')
    words = {"TLS": "Encryption TLS (STARTTLS)", "": f"SSL {short(encrypted)} without Encryption"}.get(
        encryption, f"Encryption {short(encryption)}")
    port = field.get("Port") or str(default_port(name.lower(), mode))
    judge_server(answer, name.lower(), name, field.get("Server", ""), port, mode, words,
                 ("SSL on with Encryption SSL", "SSL on with Encryption TLS"))
    if mode == "none":
        answer.hint(f"{name}: SSL is on, but Encryption is None" if encrypted == "on" else
                    f"{name}: there is no encryption, so passwords can be read on their way")
    elif encrypted == "off":
        answer.hint(f"{name}: SSL is off, so Thunderbird goes without encryption; on would be right")
    if spa in ("on", "missing, which means on"):
        answer.doubt(f"{name}: SPA is {spa}: Microsoft's NTLM and not a password; off would be right")
    elif spa != "off":
        answer.doubt(f'{name}: SPA is "{short(spa)}"; off would be right')
    if field.get("LoginName"):
        answer.logins.append(field["LoginName"])
    else:
        answer.hint(f"{name}: LoginName is missing, so Outlook takes what stands before the @")


ERRORS = {"500": "the program does not serve this domain", "501": "there are no settings for this address",
          "600": "the request was not understood", "601": "this kind of answer is not offered",
          "602": "the settings of this address are wrong on the server",
          "603": "the program cannot use its configuration, and the error log of the web server says why"}


def judge_settings(answer, schema):
    """A document of Autodiscover: right, doubtful, mislead, moved, redirected, error, namespace, status or broken."""
    root = root_of(answer, "Autodiscover")
    if root is None:
        return answer
    response = next(iter(every(root, "Response")), ET.Element("none"))
    for error in every(response, "Error") + every(response, "Action/Error"):
        answer.code = text_of(error, "ErrorCode") or text_of(error, "Status")
    for element, right in ((root, RESPONSE), (response, schema)):
        if namespace(element) != right and not (answer.code and element is response):
            return answer.be("namespace", f"an answer in the wrong namespace: {local_name(element)} is in "
                             f"{short(namespace(element))}; {right} would be right", "namespace")
    if answer.code:
        return answer.be("error", f"an error document: {short(f'{answer.code} ' + text_of(error, 'Message'))} "
                         f"({ERRORS.get(answer.code, 'a code of this server')})",
                         {"500": "unserved", "603": "configuration"}.get(answer.code, "error"))
    if answer.status != 200:
        return answer.be("status", f"an answer with status {answer.status}, which no client reads", "namespace")
    answer.target = text_of(response, "Account/RedirectAddr") or text_of(response, "Action/Redirect")
    if answer.target:
        return answer.be("moved", f"the domain has moved: clients ask again for {short(answer.target)}")
    kind, action = text_of(response, "Account/AccountType"), text_of(response, "Account/Action")
    if action == "redirectUrl":
        answer.target = text_of(response, "Account/RedirectUrl")
        return answer.be("redirected", f"the domain is answered at {short(answer.target)}, where Thunderbird does not follow; "
                         "a 302 would be right", "doubtful")
    if schema == MOBILESYNC:
        for server in every(response, "Action/Settings/Server"):
            names = [local_name(child) for child in server]
            url = text_of(server, "Url")
            # AOSP passes over a Url that comes before its Type.
            if text_of(server, "Type") == "MobileSync" and url.startswith("https://") and names.index("Type") < names.index("Url"):
                return answer.be("right", f"answers with ActiveSync at {short(url)}")
        return answer.be("mislead", "names no ActiveSync server that phones find; Type MobileSync and then a Url with "
                         "https would be right", "mislead")
    for name, value, right in (("AccountType", kind, "email"), ("Action", action, "settings")):
        if value != right:
            answer.doubt(f'{name} is "{short(value)}"; {right} would be right')
    for block in every(response, "Account/Protocol"):
        judge_block(answer, block)
    kinds = {server[0] for server in answer.servers}
    if "smtp" not in kinds:
        answer.hint("there is no server for outgoing mail")
    return settle(answer, "" if kinds - {"smtp"} else "there is no server for incoming mail")


def judge_client_config(answer, domain):
    """Thunderbird's document (draft-ietf-mailmaint-autoconfig): right, doubtful, mislead, status or broken."""
    root = root_of(answer, "clientConfig")
    if root is None:
        return answer
    if answer.status != 200:
        return answer.be("status", f"an answer with status {answer.status}, which no client reads", "namespace")
    provider = next(iter(every(root, "emailProvider")), ET.Element("none"))
    if not HOST.fullmatch(provider.get("id", "").lower()):
        answer.doubt(f'the id of emailProvider is "{short(provider.get("id", ""))}"; {domain} would be right')
    if not every(provider, "domain"):
        answer.doubt("there is no domain in it")
    for block in every(provider, "incomingServer") + every(provider, "outgoingServer"):
        kind, name, socket_type = block.get("type", ""), block.get("type", "").upper(), text_of(block, "socketType")
        mode = {"SSL": "ssl", "STARTTLS": "starttls", "plain": "none"}.get(socket_type)
        if kind not in DEFAULT_PORTS:
            continue
        if mode is None:
            answer.doubt(f'{name}: socketType is "{short(socket_type)}"; SSL or STARTTLS would be right')
            continue
        for missing in (each for each in ("username", "authentication") if not text_of(block, each)):
            answer.doubt(f"{name}: {missing} is missing")
        answer.logins += [text_of(block, "username")] * bool(text_of(block, "username"))
        if mode == "none":
            answer.hint(f"{name}: one server without encryption makes Thunderbird for Android drop all of it")
        judge_server(answer, kind, name, text_of(block, "hostname").replace("%EMAILDOMAIN%", domain), text_of(block, "port"),
                     mode, f"socketType {socket_type}", ("SSL", "STARTTLS"))
    kinds = {server[0] for server in answer.servers}
    complete = "smtp" in kinds and len(kinds) > 1
    return settle(answer, "" if complete else "without both an incoming and an outgoing server Thunderbird drops it")


def read_digest(text, digest):
    """What is wrong with a TXT record of PACC (draft-ietf-mailmaint-pacc, section 4), empty where it has the digest."""
    tags = {}
    for part in filter(str.strip, text.split(";")):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not equals or name.lower() in tags:
            return f"a record has {'the tag ' + short(name) + ' twice' if equals else 'a part without ='}"
        tags[name.lower()] = value
    if tags.get("v") != "UAAC1":
        return f"a record has v={short(tags['v'])}; UAAC1 would be right" if "v" in tags else "a record has no v=UAAC1"
    if tags.get("a", "").lower() != "sha256":
        return f"a record has a={short(tags.get('a', ''))}; sha256 would be right"
    return "" if tags.get("d") == digest else "another digest"


def looks_like(path, body):
    """Whether this is a configuration or a list of login names, and not the page that some sites send for everything."""
    lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if path.endswith(".logins"):
        return bool(lines) and all(re.fullmatch(r"[^\s<>{}]+\s+[^\s<>{}]+", line) for line in lines[:20])
    return any(re.match(r"\[(imap|pop3|smtp|mobilesync|redirect|provider|webmail|caldav|carddav)\]|"
                        r"(domains|login_name|logins|prefer|server)\s*=", line) for line in lines)


def autodetect_source(answer):
    """In plain words, what Microsoft's service used; it tells its own developers, in base64."""
    told = None
    with contextlib.suppress(ValueError):
        told = read_json(base64.b64decode(answer.header("x-debug-support")))
    provider = member(told, "db", "provider")
    for key, name in (("v2", "autodiscover.json"), ("v1", "autodiscover.xml")):
        if member(told, "autoD", key):
            return f"; it says that it used your {name}"
    if provider:
        entry, date = short(member(provider, "Id")), short(member(provider, "UpdatedAt"))[:10]
        return f"; it says that it used Microsoft's own list, entry {entry} of {date}"
    if member(told, "db", "domain", "protocols"):
        return "; it says that it used what Microsoft once collected about the domain"
    return ""
