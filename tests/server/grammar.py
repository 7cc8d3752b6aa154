"""What is read is what the grammars say: XML beside expat, addresses, names of DNS, headers and queries, from the lists of tests/grammar."""

import concurrent.futures
import unittest
import xml.parsers.expat

import harness

LISTS = harness.ROOT / "tests/grammar"
REQUEST = b"<Request><EMailAddress>ada@example.org</EMailAddress></Request>"
CONFIGURATION = 'domains = ["*"]\n[imap]\nserver = "imap.{domain}"\n[smtp]\nserver = "smtp.{domain}"\n'


def lines(name):
    """The lines of a list with their numbers, without comments and empty ones."""
    for number, line in enumerate((LISTS / name).read_text().split("\n"), 1):
        if line and not line.startswith("#"):
            yield number, line


def unescaped(text):
    return text.encode().decode("unicode_escape").encode("latin-1")


def is_well_formed(document):
    parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(document, True)
    except (xml.parsers.expat.ExpatError, ValueError, LookupError):
        return False
    return True


class Grammar(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(harness.folder())
        (folder / "autodiscover.toml").write_text(CONFIGURATION)
        self.variables = {"AUTODISCOVER_CONFIG": str(folder / "autodiscover.toml"), "GATEWAY_INTERFACE": "CGI/1.1"}

    def answer(self, body=b"", **variables):
        return harness.cgi(body, **self.variables, **variables)

    def post(self, body):
        return self.answer(body, REQUEST_METHOD="POST", CONTENT_LENGTH=str(len(body)))

    def each(self, name, judge):
        """Judges all lines of a list, several at a time: a process for each."""
        rows = list(lines(name))
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda row: judge(row[1]), rows))
        for (number, line), (found, expected) in zip(rows, results):
            with self.subTest(f"{name}:{number}"):
                self.assertEqual(found, expected, f"tests/grammar/{name}:{number}: {line}")

    def test_documents(self):
        def judge(line):
            sign, _, text = line.partition(" ")
            if sign != "=":
                text, _, reason = text.rpartition("  ")
                self.assertTrue(text and reason, line)
            document = unescaped(text).replace(b"{R}", REQUEST)
            read = b"<ErrorCode>600<" not in self.post(document).body
            by_expat = is_well_formed(document)
            if sign == "~":
                return read, False
            return (read, by_expat), (by_expat, by_expat) if sign == "=" else (sign == "+", sign == "-")
        self.each("documents", judge)

    def test_addresses(self):
        def judge(line):
            sign, _, text = line.partition(" ")
            escaped = unescaped(text).replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
            body = b"<Autodiscover><Request><EMailAddress>" + escaped + b"</EMailAddress></Request></Autodiscover>"
            return b"<ErrorCode>600<" not in self.post(body).body, sign == "+"
        self.each("addresses", judge)

    def test_names(self):
        """By the server that a domain gets."""
        def judge(line):
            text, _, expected = line.partition(" = ")
            body = b"<Autodiscover><Request><EMailAddress>ada@" + unescaped(text) + b"</EMailAddress></Request></Autodiscover>"
            answer = self.post(body).body.decode()
            found = answer.partition("<Server>imap.")[2].partition("</Server>")[0]
            return found, expected.strip()
        self.each("names", judge)

    def test_headers(self):
        def judge(line):
            kind, _, rest = line.partition(": ")
            value, _, expected = rest.rpartition(" => ")
            value = value if kind == "query" else unescaped(value).decode()
            if kind == "accept":
                answer = self.answer(REQUEST_METHOD="GET", REQUEST_URI="/nothing", HTTP_ACCEPT=value)
                return dict(answer.headers)["Content-Type"].partition(";")[0], expected
            if kind == "language":
                answer = self.answer(REQUEST_METHOD="GET", REQUEST_URI="/", HTTP_ACCEPT_LANGUAGE=value)
                return answer.body.decode().partition('<html lang="')[2].partition('"')[0], expected
            if kind == "lang":
                answer = self.answer(REQUEST_METHOD="GET", REQUEST_URI=f"/?lang={value}", QUERY_STRING=f"lang={value}")
                return answer.body.decode().partition('<html lang="')[2].partition('"')[0], expected
            if kind == "query":
                answer = self.answer(REQUEST_METHOD="GET", REQUEST_URI=f"/mail/config-v1.1.xml?{value}", QUERY_STRING=value, HTTP_HOST="autoconfig.host.test")
                return answer.body.decode().partition("<domain>")[2].partition("</domain>")[0], expected
            self.assertEqual(kind, "host")
            query = "Email=ada@example.org&Protocol=AutodiscoverV1"
            answer = self.answer(REQUEST_METHOD="GET", REQUEST_URI=f"/autodiscover/autodiscover.json?{query}", QUERY_STRING=query, HTTP_HOST=value)
            return answer.body.decode().partition('"https://')[2].partition("/")[0], expected
        self.each("headers", judge)


if __name__ == "__main__":
    harness.main("grammar")
