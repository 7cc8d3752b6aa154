"""What each client asks, in its order: makes src/cli/clients.txt, which `autodiscover explain` prints, from the readers."""

import contextlib
import hashlib
import re
from urllib.parse import quote, urlsplit

from probe.clients import DATABASE, MUSTANG_DATABASE, Mailbox, Rejected, encoded, every

ADDRESS = "ada@example.org"


class Recorded(Mailbox):
    """A mailbox whose DNS records are noted when a reader looks at them; there are none."""

    def __init__(self, note):
        super().__init__(ADDRESS)
        self.note = note

    def record(self, kind):
        name = f"_autodiscover._tcp.{self.host}" if kind == "srv" else self.host
        return self.note({"mailconf": "TXT"}.get(kind, kind.upper()), name)


def questions(client, formats):
    """Method or kind of record, and URL or name, in order; nothing is answered."""
    found = []

    def note(method, what):
        if (method, what) not in found:
            found.append((method, what))
        return ""

    def ask(method, url, headers, body):
        note(method, url)
        raise Rejected("not asked")

    searches = [getattr(client, format) for format in formats]
    for search in searches:
        with contextlib.suppress(Rejected):
            search(Recorded(note), ask)
    if not searches:
        client.questions(Recorded(note), lambda method, url, headers, body: note(method, url))
    return found


def place(url):
    """The URL with placeholders for the user's domain and address."""
    for database in (DATABASE, MUSTANG_DATABASE):
        if url.startswith(database):
            return f"the database at {urlsplit(database).hostname}"
    for form in (encoded(ADDRESS), quote(ADDRESS), ADDRESS):
        url = url.replace(form, "{email}")
    return url.replace(hashlib.md5(ADDRESS.encode()).hexdigest(), "...").replace("example.org", "{domain}")


def entries():
    """Name and questions of every client; two where it searches in two ways."""
    clients = every()
    programs = [client.program for client in clients.values()]
    for client in clients.values():
        name = f"{client.program} {client.version}" if programs.count(client.program) > 1 else client.program
        heading = f"{name}; {client.remark}" if client.remark else name
        parts = [[format] for format in client.formats()] if len(client.names) > 1 else [client.formats()]
        for formats in parts:
            remarks = {key.removeprefix(f"{format} "): remark for format in formats or [""]
                       for key, remark in client.remarks.items()}
            yield client.names.get("".join(formats), heading), remarks, questions(client, formats)


def text():
    """The whole list."""
    lines = ["Clients, and what they ask in their order"]
    for heading, remarks, asked in entries():
        lines += ["", heading]
        for number, (method, what) in enumerate(asked, 1):
            scheme = re.match("https?(?=:)", what)
            keys = [f"{method} {scheme[0]}" if scheme else "", f"{method} mailconf" if method == "TXT" else "", method]
            remark = next((remarks[key] for key in keys if key in remarks), "")
            lines.append(f"  {number:<2} {method:<4}  {place(what)}" + (f"  ({remark})" if remark else ""))
    return "\n".join(lines) + "\n"
