"""Drives real browsers over the page for people: Chromium, Firefox and WebKit.

The program is served as CGI on loopback. WebDriver (W3C) is spoken to chromedriver and to WebKitWebDriver, and Marionette to
Firefox, with nothing but the standard library.
"""

import base64
import html
import http.client
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import threading
import time
import unittest
import urllib.parse

import harness

ADDRESS = "ada@example.org"
PATIENCE = 10
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAB, ENTER = "\ue004", "\ue007"

# As the browsers of 2025 send it.
IPHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Mobile/15E148 Safari/604.1")
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36"
LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
# Two telephones and a large one, a tablet upright, the width where two columns begin, a desktop.
WIDTHS = (320, 390, 430, 768, 820, 1280)
LANGUAGES = sorted(path.stem for path in (harness.ROOT / "src/protocol/visitor/language").glob("*.ftl"))

# The host of the domain is the loopback interface, and nothing else can be reached, so that a request elsewhere fails as
# well as being seen.
HOST = "autodiscover.example.org"
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-component-update",
    "--disable-background-networking", "--no-proxy-server",
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Site(http.server.BaseHTTPRequestHandler):
    """The program behind a web server, with the configuration of a case that has every service."""

    config = harness.TESTS / "cases/page-every-service/config/autodiscover.toml"
    script = "/cgi-bin/autodiscover.cgi"
    # Paths with the status by which the web server itself answers; None closes the connection.
    files = {}
    # Shows a page at several widths, some of which no window is narrow enough for: as the document of a frame.
    FRAMES = "/frames"

    def frames(self, path):
        """A document of frames, as high as no page is, so that none has a scroll bar."""
        frames = "".join(f'<iframe src="{html.escape(path)}" width="{width}" height="9000" style="border: 0"></iframe>'
                         for width in WIDTHS)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<!doctype html>{frames}".encode())

    def answer(self):
        if self.path.startswith(self.FRAMES):
            self.frames(self.path.removeprefix(self.FRAMES))
            return
        if self.path in self.files:
            if status := self.files[self.path]:
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fields = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in self.headers.items()}
        answer = harness.cgi(body, AUTODISCOVER_CONFIG=str(self.config), REQUEST_METHOD=self.command, REQUEST_URI=self.path,
                             SERVER_NAME="127.0.0.1", SCRIPT_NAME=self.script, **fields)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if self.FRAMES in self.headers.get("Referer", ""):
                value = value.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            if name != "Status":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = answer

    def log_message(self, *_):
        pass


class Driver:
    """One window of a browser that speaks WebDriver."""

    def __init__(self, port, **capabilities):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.session = ""
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/session/{made['sessionId']}"

    def ask(self, method, path, body=None):
        text = None if body is None else json.dumps(body)
        self.connection.request(method, self.session + path, text, {"Content-Type": "application/json"})
        value = json.loads(self.connection.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value:
            raise AssertionError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value

    def quit(self):
        self.ask("DELETE", "")
        self.connection.close()

    def open(self, url):
        self.ask("POST", "/url", {"url": url})

    def script(self, source, *arguments):
        return self.ask("POST", "/execute/sync", {"script": source, "args": arguments})


class Marionette:
    """One window of Firefox, which speaks Marionette by itself: Debian 12 has no geckodriver."""

    def __init__(self, port):
        end = time.monotonic() + 60
        while True:
            try:
                self.stream = socket.create_connection(("127.0.0.1", port), timeout=60)
                break
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise AssertionError("Firefox does not start") from None
                time.sleep(0.1)
        self.reader = self.stream.makefile("rb")
        # It says first who it is.
        self.answer()
        self.ask("WebDriver:NewSession")

    def answer(self):
        length = b""
        while (byte := self.reader.read(1)) != b":":
            if not byte:
                raise AssertionError("Firefox has gone")
            length += byte
        return json.loads(self.reader.read(int(length)))

    def ask(self, command, **parameters):
        text = json.dumps([0, 1, command, parameters]).encode()
        self.stream.sendall(b"%d:%s" % (len(text), text))
        _, _, error, value = self.answer()
        if error:
            raise AssertionError(f"{error['error']}: {error['message']}")
        return value

    def quit(self):
        self.ask("Marionette:Quit", flags=["eForceQuit"])
        self.reader.close()
        self.stream.close()

    def open(self, url):
        self.ask("WebDriver:Navigate", url=url)

    def script(self, source, *arguments):
        return self.ask("WebDriver:ExecuteScript", script=source, args=arguments)["value"]


class Browser(Driver):
    """One window of Chromium."""

    def __init__(self, port, javascript=True):
        options = {"args": CHROMIUM}
        if not javascript:
            options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
        super().__init__(port, browserName="chrome", **{
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        })

    def url(self):
        return self.ask("GET", "/url")

    def devtools(self, command, **parameters):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def all(self, selector):
        found = self.ask("POST", "/elements", {"using": "css selector", "value": selector})
        return [Element(self, each[ELEMENT]) for each in found]

    def one(self, selector):
        found = self.all(selector)
        assert found, f"there is no {selector}"
        return found[0]

    def press(self, key):
        stroke = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": stroke}]})

    def log(self, kind):
        return self.ask("POST", "/se/log", {"type": kind})

    def hosts(self):
        """The origins that were asked for anything since the last call."""
        messages = (json.loads(entry["message"])["message"] for entry in self.log("performance"))
        asked = (m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent")
        return {"{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url)) for url in asked if not url.startswith("data:")}

    def width(self, pixels, dark=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=pixels, height=900, deviceScaleFactor=1, mobile=pixels < 600)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.devtools("Emulation.setEmulatedMedia", features=[scheme])

    def language(self, tags):
        self.devtools("Network.enable")
        self.devtools("Network.setExtraHTTPHeaders", headers={"Accept-Language": tags})

    def device(self, user_agent):
        self.devtools("Network.setUserAgentOverride", userAgent=user_agent)

    def picture(self, selector):
        """A part of the page as PNG, three times as large."""
        box = self.script("const b = document.querySelector(arguments[0]).getBoundingClientRect();"
                          "return {x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height, scale: 3}", selector)
        taken = self.devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=box)
        return base64.b64decode(taken["data"])


class Element:
    def __init__(self, browser, key):
        self.browser, self.path = browser, f"/element/{key}"

    def click(self):
        self.browser.ask("POST", self.path + "/click", {})

    def type(self, text):
        self.browser.ask("POST", self.path + "/value", {"text": text})

    def text(self):
        return self.browser.ask("GET", self.path + "/text")

    def displayed(self):
        return self.browser.ask("GET", self.path + "/displayed")

    def property(self, name):
        return self.browser.ask("GET", f"{self.path}/property/{name}")


# Every service as its heading and its rows, whatever is folded.
TABLES = """
return [...document.querySelectorAll('.all .card')].map(card => [card.querySelector('h3').textContent,
  [...card.querySelectorAll('dl div')].map(row => row.querySelector('dt').textContent + ' '
    + (row.querySelector('code') ?? row.querySelector('dd')).textContent)]);
"""


def tables(browser):
    return dict(browser.script(TABLES))


MAIL = {
    "Incoming mail IMAP": [
        "Server imap.example.org", "Port 993", "Connection security SSL/TLS", f"Username {ADDRESS}",
        "Authentication Normal password",
    ],
    "Outgoing mail SMTP": [
        "Server smtp.example.org", "Port 465", "Connection security SSL/TLS", f"Username {ADDRESS}",
        "Authentication Normal password",
    ],
}

SETTINGS = f"/?emailaddress={ADDRESS}"
PAGES = {
    "form": "/",
    "apple": SETTINGS + "&device=apple",
    "android": SETTINGS + "&device=android",
    "outlook": SETTINGS + "&device=outlook",
    "thunderbird": SETTINGS + "&device=thunderbird",
    "by hand": SETTINGS + "&device=other",
    "long address": "/mail/?emailaddress=" + "a" * 64 + "@example.org&device=other",
    "bad address": "/?emailaddress=" + "w" * 90,
    "not served": "/?emailaddress=ada@example.net",
    "unknown path": "/nothing-here",
    "explanation": "/autodiscover/autodiscover.xml",
    "self-test": Site.script,
}


# The contrast of every text with what lies behind it (WCAG 2.2, 1.4.3); buttons and the QR code's box have their own ground.
CONTRAST = """
const channels = colour => colour.match(/[\\d.]+/g).map(Number);
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map(c => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
  return .2126 * x + .7152 * y + .0722 * z;
};
const ground = element => {
  for (let at = element; at; at = at.parentElement) {
    const colour = channels(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let least = [99, ''];
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest('script')) continue;
  const pair = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => b - a);
  const contrast = (pair[0] + .05) / (pair[1] + .05);
  if (contrast < least[0]) least = [contrast, texts.currentNode.data];
}
return [...least, luminance(ground(document.body))];
"""


# What goes wrong in each frame when everything is unfolded: a page that scrolls sideways, a text that runs off it, a value
# under its button, a value that is broken within a piece although the piece has room on a line of its own.
MEASURE = """
const faults = [];
for (const frame of document.querySelectorAll('iframe')) {
  const page = frame.contentDocument, width = page.documentElement.clientWidth;
  for (const details of page.querySelectorAll('details')) details.open = true;
  for (const button of page.querySelectorAll('dd button')) button.hidden = false;
  const boxes = node => {
    const range = page.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(box => box.width > 0);
  };
  const wrong = (what, node) => faults.push([frame.width, what, node.textContent.trim()]);
  if (page.documentElement.scrollWidth > width) wrong('scrolls', page.querySelector('h1'));
  const texts = page.createTreeWalker(page.querySelector('body'), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.parentElement.closest('script, .status') || !node.data.trim()) continue;
    if (boxes(node).some(box => box.right > width + 1 || box.left < -1)) wrong('runs off', node);
  }
  for (const value of page.querySelectorAll('dd')) {
    const code = value.querySelector('code'), button = value.querySelector('button');
    if (!button) continue;
    const over = button.getBoundingClientRect();
    if (boxes(code).some(box => box.right > over.left + .5 && box.left < over.right && box.bottom > over.top && box.top < over.bottom)) wrong('covered', code);
    for (const piece of code.querySelectorAll('span')) {
      const lines = new Set(boxes(piece.firstChild).map(box => Math.round(box.top)));
      if (lines.size > 1 && piece.textContent.length <= 20) wrong('broken', piece);
    }
  }
}
return [document.querySelectorAll('iframe').length, faults];
"""


# A page that answers 400, 404 or 405 is named in the console; that is not a fault of the page.
STATUS = re.compile(r"Failed to load resource: the server responded with a status of 40[045] ")


def serve(cls):
    """Serves the page as long as the tests of the class run; the port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cls.addClassCleanup(server.server_close)
    cls.addClassCleanup(server.shutdown)
    return server.server_port


class Window(unittest.TestCase):
    """A window of its own for each class; no test may leave a complaint in the console or ask another host."""

    javascript = True

    @classmethod
    def setUpClass(cls):
        harness.needs("chromium", "chromedriver")
        port = serve(cls)
        cls.origin = f"http://127.0.0.1:{port}"
        cls.named = f"http://{HOST}:{port}"
        # chromedriver leaves its profiles in TMPDIR when it is killed.
        home = cls.enterClassContext(harness.folder())
        # It would choose a port by itself, but for two families of addresses in turn, and fail at times.
        port = harness.free_port()
        driver = subprocess.Popen(["chromedriver", f"--port={port}"], stdout=subprocess.PIPE, text=True,
                                  env=os.environ | {"TMPDIR": str(home)})
        cls.addClassCleanup(driver.stdout.close)
        cls.addClassCleanup(driver.wait)
        cls.addClassCleanup(driver.terminate)
        if not any("started successfully" in line for line in driver.stdout):
            raise AssertionError("chromedriver does not start")
        cls.browser = Browser(port, cls.javascript)
        cls.addClassCleanup(cls.browser.quit)
        cls.browser.devtools("Browser.grantPermissions", origin=cls.origin,
                             permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])

    def setUp(self):
        self.browser.width(1280)
        self.browser.language("en")
        self.browser.device(LINUX)
        Site.files = {}

    def tearDown(self):
        said = [entry["message"] for entry in self.browser.log("browser")]
        self.assertEqual([text for text in said if not STATUS.search(text)], [])
        self.assertEqual(self.browser.hosts() - {self.origin, self.named}, set())

    def open(self, path, named=False):
        """Opens a path by the address of the loopback interface, or by the name of the domain's host."""
        self.browser.open((self.named if named else self.origin) + path)

    def chosen(self):
        return self.browser.script("return document.querySelector('.devices [aria-current] span').firstChild.data.trim()")

    def until(self, true, complaint):
        """Waits for what the browser does in its own time."""
        end = time.monotonic() + PATIENCE
        while not true():
            self.assertLess(time.monotonic(), end, complaint)
            time.sleep(0.05)


class Page(Window):
    def test_an_address_filled_in_leads_to_its_settings(self):
        self.open("/")
        self.browser.one("input").type(ADDRESS + ENTER)
        self.until(lambda: "emailaddress=ada%40example.org" in self.browser.url(), "the form is not sent")
        shown = tables(self.browser)
        self.assertEqual({name: shown.get(name) for name in MAIL}, MAIL)
        self.assertEqual(self.browser.one(".who").text(), ADDRESS)

    def test_the_button_sends_the_form(self):
        self.open("/mail/")
        self.browser.one("input").type(ADDRESS)
        self.browser.one("form button").click()
        self.until(lambda: self.browser.all(".all"), "no table")
        self.assertEqual(urllib.parse.urlsplit(self.browser.url()).path, "/mail/")

    def test_the_form_of_a_domain_knows_whose_it_is(self):
        self.open("/", named=True)
        self.assertEqual(self.browser.one("header").text(), "Example Mail")
        self.assertEqual(self.browser.one("input").property("placeholder"), "name@example.org")
        for typed in ("ada", "ada@example", "ada@example,org", "Ada <ada@example.org>"):
            self.open("/", named=True)
            self.browser.one("input").type(typed + ENTER)
            self.until(lambda: self.browser.all("#notice bdi"), "nothing is proposed")
            # The button does what the notice says.
            self.browser.one("form button").click()
            self.until(lambda: self.browser.all(".all"), "no settings")
            self.assertEqual(self.browser.one(".who").text(), ADDRESS)

    def test_blanks_at_the_ends_are_forgiven(self):
        for typed in (f"{ADDRESS} ", f"  {ADDRESS}"):
            self.open("/")
            self.browser.one("input").type(typed + ENTER)
            self.until(lambda: self.browser.all(".all"), "no settings")
            self.assertEqual(self.browser.one(".who").text(), ADDRESS)
        self.open("/")
        self.browser.one("input").type("ada+tag@example.org" + ENTER)
        self.until(lambda: self.browser.all(".all"), "no settings")
        self.assertEqual(self.browser.one(".who").text(), "ada+tag@example.org")

    def test_the_likely_device_is_open(self):
        for user_agent, title in ((IPHONE, "iPhone, iPad, Mac"), (ANDROID, "Android"), (WINDOWS, "Outlook"),
                                  (LINUX, "Thunderbird")):
            with self.subTest(title):
                self.browser.device(user_agent or "NetFront/3.5")
                self.open(SETTINGS)
                self.assertEqual(self.chosen(), title)
                self.assertTrue(self.browser.script("return document.querySelector('.devices a').ariaCurrent"), "not the first")

    def test_on_a_telephone_the_profile_is_on_the_first_screen(self):
        self.browser.device(IPHONE)
        self.browser.width(390)
        for tag in LANGUAGES:
            with self.subTest(tag):
                self.open(f"{SETTINGS}&lang={tag}")
                bottom = self.browser.script("return document.querySelector('.button').getBoundingClientRect().bottom")
                # What Safari leaves of an iPhone 15 above its bar.
                self.assertLess(bottom, 660)
                self.assertEqual(self.browser.all("figure"), [])

    def test_a_code_holds_the_profile(self):
        harness.needs("zbarimg")
        self.open(PAGES["apple"])
        # The host is an IP address, which could not stand in the URL of a profile.
        path = "/mail/example.org.mobileconfig?emailaddress=ada%40example.org"
        self.assertEqual(self.scanned(), f"https://{HOST}{path}")
        self.assertEqual(urllib.parse.urlsplit(self.browser.one("a.button").property("href")).path, "/mail/example.org.mobileconfig")

    def test_a_code_holds_the_account_for_thunderbird(self):
        """github.com/thunderbird/thunderbird-android, feature/migration/qrcode/qr-code-format.md, version 1."""
        harness.needs("zbarimg")
        self.open(PAGES["android"])
        incoming = [0, "imap.example.org", 993, 3, 1, ADDRESS]
        outgoing = [[[0, "smtp.example.org", 465, 3, 1, ADDRESS], [ADDRESS, ""]]]
        self.assertEqual(json.loads(self.scanned()), [1, [1, 1], incoming, outgoing])
        self.browser.device(ANDROID)
        self.open(SETTINGS)
        self.assertEqual(self.browser.all("figure"), [])

    def scanned(self):
        """What a decoder reads in the picture of the code."""
        read = subprocess.run(["zbarimg", "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", "-"],
                              input=self.browser.picture("figure svg"), capture_output=True, check=True)
        return read.stdout.decode().rstrip("\n")

    def test_each_button_copies_its_value(self):
        self.open(PAGES["by hand"])
        buttons, values = self.browser.all("dd button"), self.browser.all("dd code")
        self.assertEqual(len(buttons), len(values))
        for button, value in zip(buttons, values):
            button.click()
            self.until(lambda: button.text() == "Copied", "nothing copied")
            copied = self.browser.script("return navigator.clipboard.readText()")
            self.assertEqual(copied, value.property("textContent"))
            self.assertEqual(self.browser.one(".status").property("textContent"), f"Copied: {copied}")
        self.until(lambda: buttons[-1].text() == "Copy", "it stays copied")

    def test_a_button_copies_by_keyboard(self):
        self.open(PAGES["by hand"])
        self.browser.script("document.querySelector('dd button').focus()")
        self.browser.press(ENTER)
        self.until(lambda: self.browser.one("dd button").text() == "Copied", "nothing copied")
        self.assertEqual(self.browser.script("return navigator.clipboard.readText()"), "imap.example.org")

    def test_where_copying_is_forbidden_the_value_is_selected(self):
        self.open(PAGES["by hand"])
        self.browser.script("navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'))")
        self.browser.one("dd button").click()
        self.until(lambda: self.browser.script("return getSelection().toString()") == "imap.example.org", "not selected")

    def test_the_keyboard_goes_through_the_page_in_its_order(self):
        self.open(PAGES["outlook"])
        self.browser.script("for (const details of document.querySelectorAll('details')) details.open = true")
        order = []
        for _ in range(200):
            self.browser.press(TAB)
            name, outline = self.browser.script(
                "const at = document.activeElement, within = at.closest('.devices, .steps, .all, .again, footer');"
                "return [(within?.className || within?.localName) + ' ' + at.localName, getComputedStyle(at).outlineStyle]"
            )
            if name.endswith("body"):
                break
            self.assertEqual(outline, "solid", name)
            order.append(name)
        expected = [
            *["devices a"] * 6,
            # What is shown of the first way, then the others, each with its heading to unfold.
            *["card steps button"] * 6, *["card steps summary", *["card steps button"] * 6] * 2,
            "card steps summary", *["card steps a"] * 2,
            "all summary", *["all button"] * len(self.browser.all(".all dd button")), "all a", "all a",
            "again input", "again button", *["footer a"] * (1 + len(LANGUAGES)),
        ]
        self.assertEqual(order, expected)

    def test_a_device_is_chosen_by_keyboard(self):
        self.open(SETTINGS)
        self.browser.script("document.querySelector('.devices a[href*=apple]').focus()")
        self.browser.press(ENTER)
        self.until(lambda: "device=apple" in self.browser.url(), "nothing is chosen")
        self.assertEqual(self.browser.script("return document.querySelector('.steps').ariaLabel"), "iPhone, iPad, Mac")

    def test_the_page_speaks_german_to_those_who_want_it(self):
        self.browser.language("de-AT,de;q=0.9,en;q=0.8")
        self.open(SETTINGS)
        self.assertEqual(self.browser.script("return document.documentElement.lang"), "de")
        self.assertEqual(self.browser.one("h1").text(), "E-Mail einrichten")
        self.assertEqual(self.browser.one("dd button").property("textContent"), "Kopieren")

    def test_the_menu_changes_the_language_and_nothing_else(self):
        self.open(PAGES["android"])
        for tag in LANGUAGES:
            with self.subTest(tag):
                self.browser.one(f"footer [hreflang={tag}]").click()
                self.until(lambda: self.browser.script("return document.documentElement.lang") == tag, "another language")
                self.assertEqual(self.chosen(), "Android")
                self.assertEqual(self.browser.one(".who").text(), ADDRESS)

    def test_nothing_is_wider_than_its_screen(self):
        for width, languages in ((320, LANGUAGES), (390, ["de"]), (768, ["fr"]), (1280, ["en"])):
            self.browser.width(width)
            for tag in languages:
                self.browser.language(tag)
                for name, path in PAGES.items():
                    self.open(path, named=True)
                    widest = self.browser.script("return document.documentElement.scrollWidth")
                    self.assertLessEqual(widest, width, f"{name} ({tag})")

    def test_light_and_dark_both_have_enough_contrast(self):
        for dark in (False, True):
            self.browser.width(1280, dark)
            for name, path in PAGES.items():
                self.open(path)
                contrast, text, ground = self.browser.script(CONTRAST)
                self.assertGreaterEqual(contrast, 4.5, f"{name}, {'dark' if dark else 'light'}: {text!r}")
                self.assertEqual(ground < 0.1, dark, f"{name}: {ground}")

    def test_printed_are_steps_and_settings_without_what_is_for_clicking(self):
        self.open(PAGES["apple"])
        self.browser.devtools("Emulation.setEmulatedMedia", media="print")
        for selector in ("form", ".devices", "footer nav", "dd button", "a.button"):
            self.assertEqual([each.displayed() for each in self.browser.all(selector)].count(True), 0, selector)
        # What is folded too.
        for selector in ("ol", "dl", "figure"):
            heights = self.browser.script("return [...document.querySelectorAll(arguments[0])].map(each => each.offsetHeight)", selector)
            self.assertTrue(heights and all(heights), selector)
        printed = base64.b64decode(self.browser.devtools("Page.printToPDF")["data"])
        self.browser.devtools("Emulation.setEmulatedMedia", media="")
        self.assertTrue(printed.startswith(b"%PDF-"))

    def test_paper_is_white_whatever_the_screen_is(self):
        self.open(PAGES["outlook"])
        for feature in ("dark", "light"):
            self.browser.devtools("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": feature}])
            colour = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
            self.assertEqual(self.browser.script(colour, ".who", "color"), "rgb(0, 0, 0)")
            self.assertEqual(self.browser.script(colour, "body", "backgroundColor"), "rgb(255, 255, 255)")
        # The steps speak of files: their URLs are printed.
        after = "return [...document.querySelectorAll('a.file')].map(link => getComputedStyle(link, '::after').content)"
        self.assertEqual(len([text for text in self.browser.script(after) if "/mail/example.org." in text]), 2)
        self.browser.devtools("Emulation.setEmulatedMedia", media="")

    def test_forced_colours_keep_what_can_be_clicked(self):
        self.browser.width(390)
        self.browser.devtools("Emulation.setEmulatedMedia", features=[{"name": "forced-colors", "value": "active"}])
        self.open(PAGES["by hand"])
        style = "const style = getComputedStyle(document.querySelector(arguments[0]), arguments[1]); return [style[arguments[2]], getComputedStyle(document.body).backgroundColor]"
        for selector, part, name in (("dd button", "::before", "backgroundColor"), (".again button", None, "borderTopColor"),
                                     (".devices [aria-current]", None, "outlineColor")):
            seen, ground = self.browser.script(style, selector, part, name)
            self.assertNotEqual(seen, ground, selector)
        self.assertEqual(self.browser.script(style, ".devices [aria-current]", None, "outlineStyle")[0], "solid")
        self.assertEqual(self.browser.script(style, ".devices a:not([aria-current])", None, "outlineStyle")[0], "none")

    def test_the_settings_can_be_sent(self):
        self.open(PAGES["by hand"])
        link = self.browser.one("#send")
        scheme, _, query = link.property("href").partition("?")
        fields = urllib.parse.parse_qs(query, strict_parsing=True)
        self.assertEqual(scheme, "mailto:")
        self.assertEqual(fields["subject"], [f"Settings for {ADDRESS}"])
        # RFC 6068, 5: line breaks of the body are CRLF.
        self.assertIn("Incoming mail (IMAP)\r\n  Server: imap.example.org\r\n  Port: 993\r\n", fields["body"][0])

    def test_hostile_addresses_stay_text(self):
        for text in ['"><script>alert(1)</script>', "a&b<c@example.org", "'onfocus=alert(1) x='@example.net", "\0<b>", "\u202e@x"]:
            self.open(f"/?emailaddress={urllib.parse.quote(text)}", named=True)
            self.assertEqual(self.browser.one("input").property("value"), text.replace("\0", ""))
            self.assertEqual(len(self.browser.all("main b, main [onfocus], script")), 0)

    def test_the_policy_lets_nothing_else_in(self):
        self.open(SETTINGS)
        self.browser.script(
            "window.ran = false; window.blocked = [];"
            "addEventListener('securitypolicyviolation', event => blocked.push(event.effectiveDirective));"
            "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}));"
            "document.body.append(Object.assign(new Image(), {src: '/other.png'}));"
        )
        self.until(lambda: len(self.browser.script("return blocked")) == 2, "something was let in")
        self.assertEqual(self.browser.script("return ran"), False)
        # What was provoked here is no complaint about the page.
        self.browser.log("browser")

    def test_every_other_page_leads_to_the_form(self):
        self.open(PAGES["explanation"])
        self.assertEqual(self.browser.one("h1").text(), "Autodiscover works here")
        self.browser.one("a.button").click()
        self.until(lambda: self.browser.all("form"), "no form")
        self.open(PAGES["unknown path"])
        self.browser.one("input").type(ADDRESS + ENTER)
        self.until(lambda: self.browser.all(".all"), "no table")
        self.assertEqual(urllib.parse.urlsplit(self.browser.url()).path, "/mail/")

    def test_a_refusal_keeps_what_was_typed(self):
        self.open("/")
        self.browser.one("input").type("ada" + ENTER)
        self.until(lambda: self.browser.all("[role=alert]"), "no notice")
        field = self.browser.one("input")
        self.assertEqual(field.property("value"), "ada")
        self.assertEqual(field.property("ariaInvalid"), "true")
        self.assertEqual(self.browser.one("#notice").text(), "This is not an email address. It should look like name@example.org.")

    def test_the_self_test_tells_whether_everybody_can_read_the_configuration(self):
        folder = Site.script.rpartition("/")[0]
        common, domains, domain = (f"{folder}/{name}" for name in ("autodiscover.toml", "domains/", "domains/example.org.toml"))
        closed = {common: 403, domains: 404, domain: 404}
        for files, said, named in (
            (closed, "\u2713\u00a0Nobody can download the configuration.", []),
            (closed | {domains: 200}, "Anyone can download the configuration.", [domains]),
            (closed | {domain: 200}, "Anyone can download the configuration.", [domain]),
            # What could not be asked for, or leads elsewhere, is no good news.
            (closed | {common: None}, "Whether anyone can download the configuration could not be tested:", [common]),
            (closed | {common: 302}, "Whether anyone can download the configuration could not be tested:", [common]),
            (closed | {common: 500}, "Whether anyone can download the configuration could not be tested:", [common]),
        ):
            with self.subTest(files):
                Site.files = files
                self.open(Site.script, named=True)
                shown = lambda: self.browser.script("const at = document.getElementById('reach');"
                                                    "return getComputedStyle(at, '::before').content.replace(/none|normal|\"/g, '') + at.textContent")
                self.until(lambda: shown().startswith(said), said)
                self.assertEqual([path for path in (common, domains, domain) if f"{self.named}{path}" in re.split("[ ,]", shown())], named)
        self.browser.log("browser")

    def test_the_self_test_tries_every_path(self):
        self.open(Site.script, named=True)
        rows = len(self.browser.all("#links li"))
        self.assertGreater(rows, 10)
        summary = self.browser.one("#sum")
        self.until(lambda: summary.text(), "not all are tried")
        self.assertEqual(summary.text(), f"{rows} of {rows} paths reach this program.")
        # A web site of its own at the root.
        Site.files = {"/?emailaddress=name@example.org&Email=name@example.org&Protocol=AutodiscoverV1": 200}
        self.open(Site.script, named=True)
        summary = self.browser.one("#sum")
        self.until(lambda: summary.text(), "not all are tried")
        self.assertEqual(summary.text(), f"{rows - 1} of {rows} paths reach this program.")
        said = self.browser.script("return [...document.querySelectorAll('#links li')].map(row => [...row.children].map(each => each.textContent))")
        said = dict(said)
        self.assertEqual(said.pop("/"), "does not reach this program; the web server answers 200")
        self.assertEqual(set(said.values()), {"reaches this program"})
        self.browser.log("browser")


class Widths:
    """The page at six widths in an engine, which `start` starts."""

    @classmethod
    def setUpClass(cls):
        cls.port = serve(cls)
        cls.home = cls.enterClassContext(harness.folder())
        cls.browser = cls.start()
        cls.addClassCleanup(cls.browser.quit)

    @classmethod
    def run_beside(cls, *command, **variables):
        """Starts a program that ends with the tests."""
        process = subprocess.Popen(command, env=os.environ | {"TMPDIR": str(cls.home), "HOME": str(cls.home)} | variables,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cls.addClassCleanup(process.stdout.close)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.terminate)
        return process

    def test_nothing_is_covered_broken_or_wider_than_its_screen(self):
        Site.files = {}
        everything = "/?emailaddress=maximiliane.mustermann-schmidt@example.org&device="
        pages = PAGES | {f"long, {device}": everything + device for device in ("apple", "android", "outlook", "other")}
        for name, path in pages.items():
            # German has the longest words.
            german = path + ("&" if "?" in path else "?") + "lang=de"
            self.browser.open(f"http://127.0.0.1:{self.port}{Site.FRAMES}{german}")
            frames, faults = self.browser.script(MEASURE)
            with self.subTest(name):
                self.assertEqual(frames, len(WIDTHS))
                self.assertEqual(faults, [])
            if not name.startswith("long, "):
                continue
            # WCAG 2.2, 1.4.4: text at twice its size.
            self.browser.script("for (const frame of document.querySelectorAll('iframe'))"
                                "frame.contentDocument.documentElement.style.fontSize = '200%'")
            _, faults = self.browser.script(MEASURE)
            with self.subTest(f"{name}, text at 200 %"):
                self.assertEqual([fault for fault in faults if fault[1] != "broken"], [])


class InChromium(Widths, unittest.TestCase):
    @classmethod
    def start(cls):
        harness.needs("chromium", "chromedriver")
        port = harness.free_port()
        driver = cls.run_beside("chromedriver", f"--port={port}")
        if not any("started successfully" in line for line in driver.stdout):
            raise AssertionError("chromedriver does not start")
        return Browser(port)


class InFirefox(Widths, unittest.TestCase):
    @classmethod
    def start(cls):
        harness.needs("firefox-esr")
        port = harness.free_port()
        profile = cls.home / "profile"
        profile.mkdir()
        settings = {"marionette.port": port, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
                    "app.update.disabledForTesting": True, "network.proxy.type": 0}
        profile.joinpath("user.js").write_text("".join(f'user_pref("{name}", {json.dumps(value)});\n' for name, value in settings.items()))
        cls.run_beside("firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", str(profile))
        return Marionette(port)


class InWebKit(Widths, unittest.TestCase):
    """The engine of every iPhone, as Debian has it."""

    @classmethod
    def start(cls):
        harness.needs("WebKitWebDriver", "Xvfb")
        window = next(iter(sorted(pathlib.Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))), None)
        if not window:
            harness.needs("MiniBrowser")
        display = cls.run_beside("Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24").stdout.readline().strip()
        port = harness.free_port()
        cls.run_beside("WebKitWebDriver", f"--port={port}", DISPLAY=f":{display}", WEBKIT_DISABLE_COMPOSITING_MODE="1")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        options = {"binary": str(window), "args": ["--automation"]}
        return Driver(port, browserName="MiniBrowser", **{"webkitgtk:browserOptions": options})


class WithoutJavaScript(Window):
    javascript = False

    def test_all_of_it_works_without_javascript(self):
        self.open("/")
        self.browser.one("input").type(ADDRESS + ENTER)
        self.until(lambda: self.browser.all(".all"), "no table")
        self.browser.one(".all summary").click()
        shown = self.browser.one(".all").text()
        for row in MAIL["Incoming mail IMAP"]:
            self.assertIn(row.rpartition(" ")[2], shown)
        self.assertEqual([button.displayed() for button in self.browser.all("dd button")].count(True), 0)
        self.assertEqual(self.chosen(), "Thunderbird")
        self.browser.one(".devices a[href*=apple]").click()
        self.until(lambda: self.chosen() == "iPhone, iPad, Mac", "nothing is chosen")
        self.browser.one("footer [hreflang=de]").click()
        self.until(lambda: self.browser.one("h1").text() == "E-Mail einrichten", "no German")
        self.assertEqual(self.chosen(), "iPhone, iPad, Mac")


if __name__ == "__main__":
    harness.main("browser")
