"""Rented web space: apache/htaccess and cgi-bin/.htaccess as a customer uploads them, under every policy that a host may have.

One Apache has a virtual host for each policy. Where a policy keeps the program from answering, packaging/INSTALL must name
the symptom and the cure, and the cure is tried.
"""

import itertools
import re
import shutil
import unittest

import harness
import routes

XML = "/Autodiscover/Autodiscover.xml"
WEBSITE = b"the website of the customer\n"
ROOT_FILE, FOLDER_FILE, INSTALL = (
    (harness.ROOT / name).read_text() for name in ("apache/htaccess", "cgi-bin/.htaccess", "packaging/INSTALL"))

# What AllowOverride makes of the two files: they are in force, they are an error, or they are not there.
IN_FORCE, ERROR, IGNORED = "in force", "an error", "ignored"
POLICIES = {
    "None": IGNORED,
    "Nonfatal=All": IGNORED,
    "AuthConfig Indexes Limit Options": ERROR,
    "FileInfo": IN_FORCE,
    "FileInfo AuthConfig": IN_FORCE,
    "FileInfo Nonfatal=All": IN_FORCE,
    "All": IN_FORCE,
}
# Where the host has the folder cgi-bin, as seen from the document root.
PLACES = {"inside": "cgi-bin", "subfolder": "sub/cgi-bin", "outside": "../cgi-bin"}

SECRET = b"secret.example"
CONFIG = b'domains = ["*"]\n[imap]\nserver = "imap.secret.example"\n[smtp]\nserver = "smtp.secret.example"\n'
# The configuration, and what editors, FTP programs and careful people leave beside it.
HIDDEN = (
    "autodiscover.toml", "Autodiscover.TOML", "autodiscover.toml~", "autodiscover.toml.bak", "autodiscover.toml.old",
    "autodiscover.toml.orig", "autodiscover.toml.save", "autodiscover.toml.txt", ".autodiscover.toml.swp",
    "#autodiscover.toml#", "autodiscover.bak", "autodiscover.old", "autodiscover.txt", "Copy of autodiscover.toml",
    "domains.old/example.net.toml", "copy of domains/example.net.logins.txt", "domains/example.net.toml", "domains/example.net.toml~", "domains/example.net.logins", "domains/example.net.logins.bak",
)
# These are hidden by the file in cgi-bin alone: what is not the configuration, and names that a website may have as well.
HIDDEN_BY_THE_FOLDER = ("build.sh", "autodiscover.cgi.new", "autodiscover-2026.cfg", "domains/notes", "domains/example.net.bak",
                        "domains.old/notes")
FOLDERS = ("", "domains", "domains/", "domains.old/", "copy of domains/")


def without_mark(text, start):
    """Takes away the # of the one line that it keeps from being in force, as INSTALL says it."""
    lines = [line for line in text.splitlines() if line.strip().startswith("#" + start)]
    assert len(lines) == 1, f"one line should start with #{start}: {lines}"
    return text.replace(lines[0], lines[0].replace("#", "", 1))


def installed(text):
    """A passage that must stand in INSTALL, without regard to its line breaks."""
    assert " ".join(text.split()) in " ".join(INSTALL.split()), f"INSTALL should say: {text}"
    return text


class Space:
    """A customer's web space: a host name, a document root, and what the host allows there."""

    def __init__(self, apache, name, override, place="inside", hidden=True, options="Indexes ExecCGI SymLinksIfOwnerMatch"):
        self.apache, self.host, self.override, self.place, self.options = apache, f"{name}.example.org", override, place, options
        self.root = apache.folder / name / "site"
        self.folder = self.root.parent / "cgi-bin" if place == "outside" else self.root / PLACES[place]
        self.url = "/cgi-bin/" if place == "outside" else f"/{PLACES[place]}/"
        self.program = harness.install(self.folder / "autodiscover.cgi")
        apache.write(self.folder / "autodiscover.toml", CONFIG)
        apache.write(self.root / "index.html", WEBSITE)
        self.upload(folder_file=FOLDER_FILE if hidden else None)

    def upload(self, before="", after="", root_file=ROOT_FILE, folder_file=FOLDER_FILE):
        """The two files, in the midst of lines that the customer has already."""
        # INSTALL: the place of another folder is written into this one line.
        last = [line for line in root_file.splitlines() if line.endswith(' "/cgi-bin/autodiscover.cgi" [END]')]
        assert len(last) == 1, last
        root_file = root_file.replace(last[0], last[0].replace("/cgi-bin/", self.url))
        self.apache.write(self.root / ".htaccess", before + root_file + after)
        if folder_file is not None:
            self.apache.write(self.folder / ".htaccess", folder_file)

    def configuration(self):
        tls = f"SSLEngine On\nSSLCertificateFile {self.apache.certificate}\nSSLCertificateKeyFile {self.apache.key}"
        alias = f'ScriptAlias /cgi-bin/ "{self.folder}/"' if self.place == "outside" else ""
        folders = {self.root: self.options}
        if self.place == "outside":
            folders[self.folder] = "None"
        return "".join(f"""
<VirtualHost *:{port}>
    ServerName {self.host}
    ServerAlias autodiscover.{self.host}
    DocumentRoot "{self.root}"
    {alias}
    {extra}
</VirtualHost>
""" for port, extra in ((self.apache.https, tls), (self.apache.http, ""))) + "".join(f"""
<Directory "{folder}">
    Options {options}
    AllowOverride {self.override}
    Require all granted
</Directory>
""" for folder, options in folders.items())

    def ask(self, path=XML, host=None, **options):
        return self.apache.request(path, host or self.host, **options)

    def post(self, path=XML, **options):
        return self.ask(path, body=harness.post(), **options)


def answered(answer):
    return answer.status == 200 and b"<Server>imap.secret.example</Server>" in answer.body


class WebSpace(unittest.TestCase):
    """The spaces, which setUpModule makes: starting one Apache for all of them takes longer than most tests."""

    def setUp(self):
        self.house.upload()

    def answers(self, space, **options):
        answer = space.post(**options)
        self.assertTrue(answered(answer), f"{answer.status}: {answer.body[:200]}")


def setUpModule():
    harness.needs("apache2", "openssl")
    apache = WebSpace.apache = unittest.enterModuleContext(harness.Apache(["*.example.org", "*.house.example.org"]))
    apache.tls.check_hostname = False
    WebSpace.cells = {
        (policy, place, hidden): Space(apache, f"cell-{number}", policy, place, hidden)
        for number, (policy, place, hidden) in enumerate(itertools.product(POLICIES, PLACES, (True, False)))}
    WebSpace.lines = {policy: Space(apache, f"lines-{number}", policy) for number, policy in enumerate(POLICIES)}
    WebSpace.house = Space(apache, "house", "All")
    WebSpace.no_programs = Space(apache, "no-programs", "All", options="SymLinksIfOwnerMatch")
    WebSpace.no_links = Space(apache, "no-links", "All", options="ExecCGI")
    WebSpace.no_owner = Space(apache, "no-owner", "FileInfo Options", options="ExecCGI")
    spaces = [*WebSpace.cells.values(), *WebSpace.lines.values(),
              WebSpace.house, WebSpace.no_programs, WebSpace.no_links, WebSpace.no_owner]
    apache.start("DirectoryIndex index.html\n" + "".join(space.configuration() for space in spaces),
                 modules=["access_compat", "authn_core", "authn_file", "authz_user", "auth_basic"])


class Product(WebSpace):
    """Every policy, every place of cgi-bin, with and without the hidden file."""

    def each(self, check):
        for (policy, place, hidden), space in self.cells.items():
            with self.subTest(AllowOverride=policy, place=place, hidden_file_uploaded=hidden):
                check(POLICIES[policy], place, hidden, space)

    def test_the_program_answers_or_the_symptom_is_named(self):
        def check(effect, place, hidden, space):
            answer = space.post()
            if effect == IN_FORCE:
                self.assertTrue(answered(answer), answer.status)
                self.assertEqual(space.ask("/").body, WEBSITE)
                self.assertTrue(answered(space.post(space.url + "autodiscover.cgi")))
            elif effect == ERROR:
                # The cure is the policy FileInfo, with which all is well above.
                self.assertEqual((answer.status, space.ask("/").status), (500, 500))
                self.assertRegex(self.apache.log(), f"{space.root}/.htaccess: SetEnvIf\\w* not allowed here")
                installed('error 500, the whole site The log says "not allowed here"')
                installed('ask for "AllowOverride FileInfo"')
            else:
                self.assertEqual(answer.status, 404)
                installed('or your host does not read it: ask for "AllowOverride FileInfo"')
        self.each(check)

    def test_nothing_of_the_configuration_comes_out(self):
        def check(effect, place, hidden, space):
            for name in HIDDEN + HIDDEN_BY_THE_FOLDER:
                if name != "autodiscover.toml":
                    self.apache.write(space.folder / name, SECRET)
            # A folder of programs outside of the document root is never listed, and nothing in it is sent.
            names = HIDDEN + (HIDDEN_BY_THE_FOLDER + FOLDERS if hidden or place == "outside" else ())
            shown = []
            for name in names:
                answer = space.ask(space.url + name.replace(" ", "%20").replace("#", "%23"))
                if answer.status == 200:
                    shown.append(name)
                else:
                    self.assertNotIn(SECRET, answer.body)
                    if effect == IN_FORCE and place != "outside":
                        self.assertEqual(answer.status, 403, name)
            if effect == IGNORED and place != "outside":
                # Nothing can hide it here, but the look that INSTALL asks for shows it.
                self.assertIn("autodiscover.toml", shown)
                installed("https://example.org/cgi-bin/autodiscover.toml which must show an error")
                installed("take autodiscover.toml away before you ask your host")
            else:
                self.assertEqual(shown, [])
        self.each(check)

    def test_the_program_is_not_sent_as_a_file(self):
        def check(effect, place, hidden, space):
            sent = space.ask(space.url + "autodiscover.cgi").body[:4] == b"\x7fELF"
            self.assertEqual(sent, effect == IGNORED and place != "outside")
            installed("the program downloads The folder runs no CGI programs: ask your host")
            self.assertNotEqual(space.ask().body[:4], b"\x7fELF")
        self.each(check)

    def test_nothing_is_taken_or_answered_in_the_clear(self):
        def check(effect, place, hidden, space):
            paths = [*routes.DOCUMENTS, XML]
            # The file in the document root does not reach a folder outside of it.
            if hidden or place != "outside":
                paths.append(space.url + "autodiscover.cgi")
            for path in paths if effect == IN_FORCE else ():
                answer = space.post(path, tls=False)
                self.assertEqual((answer.status, answer.headers["Location"]), (403, None), path)
        self.each(check)


class Lines(WebSpace):
    """Each directive of the two files by itself, under each policy."""

    # What a directive needs (httpd's documentation, "Override"); sections are allowed where anything is.
    NEEDS = {"SetEnvIf": "FileInfo", "SetEnvIfNoCase": "FileInfo", "RewriteEngine": "FileInfo", "RewriteCond": "FileInfo",
             "RewriteRule": "FileInfo", "SetHandler": "FileInfo", "RedirectMatch": "FileInfo",
             "Options": "Options", "Require": "AuthConfig",
             # "AllowOverride Options" leaves this one out, and has FollowSymLinks.
             "Options +SymLinksIfOwnerMatch": "Options=SymLinksIfOwnerMatch"}
    # In force only when the customer takes away the #.
    OFFERED = {"SetEnvIf", "Options", "Require"}

    def directives(self, text, offered):
        """The directives, each with the sections around it, for those that are in force or for those that are offered."""
        text = re.sub(r"\\\n", "", text)
        found, sections = {}, []
        for line in text.splitlines():
            line = line.strip()
            if re.match(r"</", line):
                sections.pop()
            elif re.match(r"<", line):
                sections.append(line)
            elif line and (re.match(r"#[A-Z]", line) if offered else line[0] != "#"):
                ends = [f"</{section[1:].split()[0]}>" for section in reversed(sections)]
                found.setdefault(line.strip("#").split()[0], []).append("\n".join([*sections, line.strip("#"), *ends, ""]))
        self.assertEqual(sections, [])
        return found

    def test_what_is_in_force_needs_no_more_than_FileInfo(self):
        for file in (ROOT_FILE, FOLDER_FILE):
            for name, lines in self.directives(file, offered=False).items():
                with self.subTest(name):
                    self.assertEqual(self.NEEDS[name], "FileInfo")
                    self.check(lines, "FileInfo")

    def test_what_is_offered_says_what_it_cures(self):
        offered = set()
        for file in (ROOT_FILE, FOLDER_FILE):
            for name, lines in self.directives(file, offered=True).items():
                offered.add(name)
                with self.subTest(name):
                    installed(f"take away the # before {name}")
                    self.check(lines, self.NEEDS.get(lines[0].strip(), self.NEEDS[name]))
        self.assertEqual(offered, self.OFFERED)

    def check(self, lines, needs):
        for policy, space in self.lines.items():
            allowed = needs in policy or policy in ("All", "None") or "Nonfatal" in policy
            self.apache.write(space.root / ".htaccess", "".join(lines))
            self.assertEqual(space.ask("/robots.txt").status == 500, not allowed, (policy, lines))


class Neighbours(WebSpace):
    """What else a site has."""

    def test_every_route_is_answered_in_a_folder_with_its_own_rules(self):
        theirs = "RewriteEngine On\nRewriteRule ^ - [L]\n"
        paths = [*routes.DOCUMENTS, "/mail/Ada.mobileconfig", "/AutoDiscover/AutoDiscover.xml"]
        folders = {"autodiscover", "mail", ".well-known", "v1.1", "AutoDiscover"}
        with harness.echo(self.house.program):
            for path in paths:
                folder = self.house.root / path.split("/")[1]
                self.assertIn(folder.name, folders)
                with self.subTest(path):
                    self.assertEqual(self.house.ask(path).status, 200)
                    self.apache.write(folder / ".htaccess", theirs)
                    self.assertEqual(self.house.ask(path).status, 404)
                    self.apache.write(folder / ".htaccess", ROOT_FILE + theirs)
                    self.assertEqual(harness.echoed(self.house.ask(path + "?a=%41"))[0]["REQUEST_URI"], path + "?a=%41")
                    self.assertEqual(self.house.post(path, tls=False).status, 403)
                    shutil.rmtree(folder)
        installed("put the same lines at the top of that one too")

    def test_files_and_folders_of_the_same_name_are_not_in_the_way(self):
        for path in routes.DOCUMENTS:
            self.apache.write(self.house.root / path[1:], "an old answer")
            with self.subTest(path):
                self.assertNotIn(b"an old answer", self.house.ask(path).body)
                shutil.rmtree(self.house.root / path.split("/")[1])

    def test_a_site_keeps_files_that_have_nothing_to_do_with_us(self):
        for path in ("domains/prices.txt", "domains/index.html", "Cargo.toml", "autodiscover/guide.txt", "old/notes.bak",
                     "cgi-bin/other"):
            with self.subTest(path):
                self.apache.write(self.house.root / path, "theirs")
                self.assertEqual(self.house.ask("/" + path).body, b"theirs")
                (self.house.root / path).unlink()
        shutil.rmtree(self.house.root / "autodiscover")

    def test_a_server_that_reads_only_rewrite_rules_hides_the_configuration(self):
        """As OpenLiteSpeed: all other lines of the two files are left out."""
        rules = re.findall(r"^Rewrite.*\n", ROOT_FILE, re.M)
        self.assertGreater(len(rules), 10)
        self.house.upload(root_file="".join(rules), folder_file=None)
        for name in HIDDEN:
            self.apache.write(self.house.folder / name, CONFIG)
            with self.subTest(name):
                answer = self.house.ask("/cgi-bin/" + name.replace(" ", "%20").replace("#", "%23"))
                self.assertEqual(answer.status, 403)
                self.assertNotIn(SECRET, answer.body)
        self.assertEqual(self.house.ask("/").body, WEBSITE)
        installed("A server that reads only rewrite rules, as OpenLiteSpeed does")

    def test_rules_below_ours_do_not_reach_these_paths(self):
        self.house.upload(after="RewriteRule ^ https://www.example.org%{REQUEST_URI} [R=301,L]\n")
        self.answers(self.house)
        self.assertEqual(self.house.ask("/page").status, 301)

    def test_a_Redirect_runs_all_the_same_until_it_is_a_RewriteRule(self):
        after = installed("Redirect permanent / https://www.example.org/") + "\n"
        for line in (after, "RedirectMatch 301 ^/(.*)$ https://www.example.org/$1\n"):
            self.house.upload(after=line)
            self.assertEqual(self.house.post().status, 301)
        self.assertIn("belong to another module and run all the same", ROOT_FILE)
        self.house.upload(after=installed('RewriteRule "^(.*)$" "https://www.example.org/$1" [R=301,L]') + "\n")
        self.answers(self.house)
        answer = self.house.ask("/page")
        self.assertEqual((answer.status, answer.headers["Location"]), (301, "https://www.example.org/page"))

    def test_handlers_of_the_site_do_not_take_the_program(self):
        for line in ("SetHandler none\n", "SetHandler application/x-httpd-php\n", "ForceType text/plain\n",
                     "RemoveHandler .cgi\n", "AddHandler default-handler .cgi\n"):
            for before, after in ((line, ""), ("", line)):
                for folder_file in (FOLDER_FILE, ""):
                    with self.subTest(line, before=before, hidden_file=bool(folder_file)):
                        self.house.upload(before, after, folder_file=folder_file)
                        self.answers(self.house)

    def test_the_files_work_with_the_line_ends_of_Windows(self):
        crlf = [text.replace("\n", "\r\n") for text in (ROOT_FILE, FOLDER_FILE)]
        self.apache.write(self.house.root / ".htaccess", crlf[0].encode())
        self.apache.write(self.house.folder / ".htaccess", crlf[1].encode())
        self.answers(self.house)
        self.assertEqual(self.house.ask("/cgi-bin/autodiscover.toml").status, 403)

    def test_the_page_has_its_host_and_the_website_its_own(self):
        for path in (*routes.PAGES, "/Mail/?emailaddress=ada%40example.org"):
            with self.subTest(path):
                answer = self.house.ask(path, f"autodiscover.{self.house.host}")
                self.assertIn("X-Content-Type-Options", answer.headers)
        self.assertEqual(self.house.ask("/").body, WEBSITE)


class Cures(WebSpace):
    """The symptoms of INSTALL, each with its cure."""

    def symptom(self, space, status, log=""):
        before = len(self.apache.log())
        self.assertEqual(space.post().status, status)
        self.assertIn(log, self.apache.log()[before:])

    def test_a_folder_without_ExecCGI(self):
        self.symptom(self.no_programs, 403, installed("Options ExecCGI is off in this directory"))
        self.no_programs.upload(folder_file=without_mark(FOLDER_FILE, "Options"))
        installed("cgi-bin/.htaccess: take away the # before Options")
        self.answers(self.no_programs)

    def test_symbolic_links_off(self):
        # The second part of this message of httpd is in quotes of its own there.
        self.symptom(self.no_links, 403, installed("Options FollowSymLinks and SymLinksIfOwnerMatch are both off"))
        self.no_links.upload(root_file=without_mark(ROOT_FILE, "Options"))
        installed('both off" .htaccess: take away the # before Options')
        self.answers(self.no_links)
        other = installed("write FollowSymLinks there in place of SymLinksIfOwnerMatch").split()
        self.symptom(self.no_owner, 403, "are both off")
        self.no_owner.upload(root_file=without_mark(ROOT_FILE, "Options"))
        self.symptom(self.no_owner, 500)
        self.no_owner.upload(root_file=without_mark(ROOT_FILE, "Options").replace(other[-1], other[1]))
        self.answers(self.no_owner)

    def test_a_site_that_denies_programs(self):
        for deny, granted in (("Require all denied", "Require all granted"),
                              ("Order allow,deny\nDeny from all", installed("Allow from all"))):
            own = f'<FilesMatch "\\.(?:cgi|pl|sh)$">\n{deny}\n</FilesMatch>\n'
            with self.subTest(deny):
                self.house.upload(after=own)
                self.symptom(self.house, 403, installed("client denied by server configuration"))
                installed("cgi-bin/.htaccess: take away the # before Require")
                cured = without_mark(FOLDER_FILE, "Require").replace("Require all granted", granted)
                self.house.upload(after=own, folder_file=cured)
                self.answers(self.house)
                self.assertEqual(self.house.ask("/cgi-bin/autodiscover.toml").status, 403)

    def test_a_password_on_the_site(self):
        self.apache.write("passwords", "")
        own = f"AuthType Basic\nAuthName site\nAuthUserFile {self.apache.folder}/passwords\n"
        self.house.upload(after=own + "Require valid-user\n")
        self.symptom(self.house, 401)
        cure = re.search(r" +<RequireAny>\n.*?</RequireAny>\n", INSTALL, re.S)[0]
        installed('Where .htaccess says "Require valid-user", write this instead')
        for folder_file in (FOLDER_FILE, ""):
            self.house.upload(after=own + cure, folder_file=folder_file)
            self.answers(self.house)
            self.assertTrue(answered(self.house.post("/cgi-bin/autodiscover.cgi")))
            self.assertIn("X-Content-Type-Options", self.house.ask("/", f"autodiscover.{self.house.host}").headers)
            # And nothing but these paths is open.
            for path in ("/", "/index.html", "/mail/", "/autodiscover/page.html", "/cgi-bin/other.cgi",
                         "/cgi-bin/autodiscover.toml",
                         "/autodiscover/autodiscover.xml/../../index.html", "/index.html?/autodiscover/autodiscover.xml"):
                with self.subTest(path):
                    self.assertEqual(self.house.ask(path).status, 401)

    def test_a_proxy_that_ends_TLS_and_does_not_say_so(self):
        silent = {"tls": False}
        self.assertEqual(self.house.post(**silent).status, 403)
        answer = self.house.ask("/mail/config-v1.1.xml", **silent)
        self.assertEqual(answer.status, 302)
        installed("error 403 at an address that begins with https")
        self.house.upload(root_file=without_mark(ROOT_FILE, "SetEnvIf"))
        self.answers(self.house, **silent)
        self.assertEqual(self.house.ask("/mail/config-v1.1.xml", **silent).status, 200)

    def test_a_program_that_may_not_run(self):
        self.house.program.chmod(0o644)
        self.addCleanup(self.house.program.chmod, 0o755)
        self.symptom(self.house, 500)
        installed("autodiscover.cgi is not 755")

    def test_a_mistake_in_the_configuration(self):
        self.apache.write(self.house.folder / "autodiscover.toml", "[imap]\nserver = 1\n")
        self.addCleanup(self.apache.write, self.house.folder / "autodiscover.toml", CONFIG)
        self.assertEqual(self.house.post().status, 500)
        installed("the log names its line")


class Https(WebSpace):
    """Plain HTTP, and proxies that end TLS."""

    def test_a_GET_is_sent_to_the_same_path_once(self):
        for path in ("/Autodiscover/Autodiscover.xml", "/mail/config-v1.1.xml", "/mail/a%3Fb%20c.mobileconfig",
                     "/autodiscover/autodiscover.json/v1.0/%C3%BC@example.org", "/cgi-bin/autodiscover.cgi"):
            for query in ("", "?emailaddress=ada%40example.org&a=%26"):
                for host in (self.house.host, f"{self.house.host}:80"):
                    for method in ("GET", "HEAD"):
                        with self.subTest(host=host, method=method, path=path + query):
                            answer = self.house.ask(path + query, host, method=method, tls=False)
                            location = f"https://{self.house.host}{path}?https=1" + query.replace("?", "&")
                            self.assertEqual((answer.status, answer.headers["Location"]), (302, location))
                            # Seen plain again, this is a proxy that ends TLS and does not say so.
                            again = self.house.ask(location.partition(self.house.host)[2], host, method=method, tls=False)
                            self.assertEqual((again.status, again.headers["Location"]), (403, None))
        answer = self.house.ask("/mail/config-v1.1.xml?https=1&emailaddress=ada%40example.org")
        self.assertEqual(answer.status, 200)

    def test_every_other_method_is_refused(self):
        for method in ("POST", "PUT", "OPTIONS", "FOO"):
            for path in (*routes.DOCUMENTS, "/cgi-bin/autodiscover.cgi"):
                with self.subTest(method=method, path=path):
                    answer = self.house.ask(path, method=method, tls=False)
                    self.assertEqual((answer.status, answer.headers["Location"]), (403, None))

    def test_every_way_of_a_proxy_to_say_https_counts(self):
        for name, value in (
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "HTTPS"), ("X-Forwarded-Proto", "https,http"),
            ("X-Forwarded-Proto", "https, http"), ("X-Forwarded-SSL", "on"), ("X-Forwarded-Ssl", "On"),
            ("Front-End-Https", "on"), ("Front-End-Https", "On"), ("CF-Visitor", '{"scheme":"https"}'),
            ("Forwarded", "proto=https"), ("Forwarded", 'for=192.0.2.1;Proto="https";by=192.0.2.2'),
            ("Forwarded", 'for="[2001:db8::1]:4711";proto=https, for=192.0.2.1;proto=http'),
        ):
            with self.subTest(**{name: value}):
                self.answers(self.house, tls=False, headers={name: value})
                self.assertTrue(answered(self.house.post("/cgi-bin/autodiscover.cgi", tls=False, headers={name: value})))
                self.assertEqual(self.house.ask("/mail/config-v1.1.xml", tls=False, headers={name: value}).status, 200)

    def test_a_proxy_that_says_http_does_not_count(self):
        for name, value in (("X-Forwarded-Proto", "http"), ("X-Forwarded-Proto", "http,https"), ("X-Forwarded-Proto", "httpsx"),
                            ("X-Forwarded-SSL", "off"), ("Front-End-Https", "off"), ("CF-Visitor", '{"scheme":"http"}'),
                            ("Forwarded", "proto=http"), ("Forwarded", "proto=http, proto=https"), ("Forwarded", "for=https")):
            for path in (XML, "/cgi-bin/autodiscover.cgi"):
                with self.subTest(path=path, **{name: value}):
                    self.assertEqual(self.house.post(path, tls=False, headers={name: value}).status, 403)




if __name__ == "__main__":
    harness.main("webspace")
