"""Drives a real Chromium over the page for people.

The program is served as CGI on loopback; WebDriver (W3C) is spoken to chromedriver with nothing but the standard library.
"""

import http.client
import http.server
import json
import os
import re
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

# Nothing but the loopback interface can be reached, so that a request elsewhere fails as well as being seen.
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-component-update",
    "--disable-background-networking", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Site(http.server.BaseHTTPRequestHandler):
    """The program behind a web server, with the configuration of a case that has every service."""

    config = harness.TESTS / "cases/page-every-service/config/autodiscover.toml"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fields = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in self.headers.items()}
        answer = harness.cgi(body, AUTODISCOVER_CONFIG=str(self.config), REQUEST_METHOD=self.command, REQUEST_URI=self.path,
                             SERVER_NAME="127.0.0.1", **fields)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name != "Status":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_HEAD = do_POST = answer

    def log_message(self, *_):
        pass


class Browser:
    """One window of Chromium."""

    def __init__(self, driver_port, javascript=True):
        self.connection = http.client.HTTPConnection("127.0.0.1", driver_port, timeout=60)
        self.session = ""
        options = {"args": CHROMIUM}
        if not javascript:
            options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
        capabilities = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
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

    def url(self):
        return self.ask("GET", "/url")

    def script(self, source, *arguments):
        return self.ask("POST", "/execute/sync", {"script": source, "args": arguments})

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


def tables(browser):
    """Every table as its caption and its rows, as far as they can be seen."""
    rows = {}
    for table in browser.all(".card table"):
        lines = [re.sub(r" Copy$", "", line) for line in table.text().splitlines() if line != "Copy"]
        rows[lines[0]] = lines[1:]
    return rows


MAIL = {
    "Incoming mail IMAP": [
        "Server imap.example.org", "Port 993", "Encryption SSL/TLS", f"User name {ADDRESS}",
        "Authentication Normal password",
    ],
    "Outgoing mail SMTP": [
        "Server smtp.example.org", "Port 465", "Encryption SSL/TLS", f"User name {ADDRESS}",
        "Authentication Normal password",
    ],
}

PAGES = {
    "form": "/",
    "settings": f"/?emailaddress={ADDRESS}",
    "long address": "/mail/?emailaddress=" + "a" * 64 + "@example.org",
    "bad address": "/?emailaddress=" + "w" * 90,
    "not served": "/?emailaddress=ada@example.net",
    "explanation": "/autodiscover/autodiscover.xml",
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
document.querySelectorAll('details').forEach(each => each.open = true);
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


# A page that answers 400, 404 or 405 is named in the console; that is not a fault of the page.
STATUS = re.compile(r"Failed to load resource: the server responded with a status of 40[045] ")


class Window(unittest.TestCase):
    """A window of its own for each class; no test may leave a complaint in the console or ask another host."""

    javascript = True

    @classmethod
    def setUpClass(cls):
        harness.needs("chromium", "chromedriver")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.origin = f"http://127.0.0.1:{server.server_port}"
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

    def tearDown(self):
        said = [entry["message"] for entry in self.browser.log("browser")]
        self.assertEqual([text for text in said if not STATUS.search(text)], [])
        self.assertEqual(self.browser.hosts() - {self.origin}, set())

    def open(self, path):
        self.browser.open(self.origin + path)

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
        self.assertEqual(self.browser.one("input").property("value"), ADDRESS)

    def test_the_button_sends_the_form(self):
        self.open("/mail/")
        self.browser.one("input").type(ADDRESS)
        self.browser.one("form button").click()
        self.until(lambda: self.browser.all("table"), "no table")
        self.assertEqual(urllib.parse.urlsplit(self.browser.url()).path, "/mail/")

    def test_each_button_copies_its_value(self):
        self.open(PAGES["settings"])
        buttons, values = self.browser.all("td button"), [value.text() for value in self.browser.all("td code")]
        self.assertEqual(len(buttons), len(values))
        # Both say so for a moment only, which a busy machine may miss.
        self.browser.script(
            "window.heard = [];"
            "const said = document.querySelector('.status'), buttons = [...document.querySelectorAll('td button')];"
            "new MutationObserver(() => heard.push([said.textContent, buttons.map(button => button.textContent)]))"
            ".observe(said, {childList: true});"
        )
        heard = "return heard.some(([said, buttons]) => said == arguments[0] && buttons[arguments[1]] == 'Copied')"
        for number, value in enumerate(values):
            buttons[number].click()
            self.until(lambda: self.browser.script(heard, f"Copied: {value}", number), f"{value} is not copied")
            self.assertEqual(self.browser.script("return navigator.clipboard.readText()"), value)
        self.until(lambda: buttons[-1].text() == "Copy", "it stays copied")

    def test_a_button_copies_by_keyboard(self):
        self.open(PAGES["settings"])
        self.browser.script("navigator.clipboard.writeText('nothing'); document.querySelector('td button').focus()")
        self.browser.press(ENTER)
        self.until(lambda: self.browser.script("return navigator.clipboard.readText()") == "imap.example.org", "nothing copied")

    def test_where_copying_is_forbidden_the_value_is_selected(self):
        self.open(PAGES["settings"])
        self.browser.script("navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'))")
        self.browser.one("td button").click()
        self.until(lambda: self.browser.script("return getSelection().toString()") == "imap.example.org", "not selected")

    def test_the_keyboard_goes_through_the_page_in_its_order(self):
        self.open(PAGES["settings"])
        count = len(self.browser.all("td button"))
        order = []
        for _ in range(100):
            self.browser.press(TAB)
            name, outline = self.browser.script(
                "const at = document.activeElement;"
                "return [at.localName + (at.closest('table') ? ' in table' : ''), getComputedStyle(at).outlineStyle]"
            )
            if name in ("body", "input") and order:
                break
            self.assertEqual(outline, "solid")
            order.append(name)
        guides = len(self.browser.all("summary"))
        self.assertEqual(order, ["input", "button", "a", *["button in table"] * count, "a", *["summary"] * guides, "a"])

    def test_a_guide_opens_by_keyboard(self):
        self.open(PAGES["settings"])
        self.assertFalse(self.browser.one("details ol").displayed())
        self.browser.script("document.querySelector('summary').focus()")
        self.browser.press(ENTER)
        self.until(lambda: self.browser.one("details ol").displayed(), "closed")

    def test_the_page_speaks_german_to_those_who_want_it(self):
        self.browser.language("de-AT,de;q=0.9,en;q=0.8")
        self.open(PAGES["settings"])
        self.assertEqual(self.browser.script("return document.documentElement.lang"), "de")
        self.assertEqual(self.browser.one("h1").text(), "E-Mail einrichten")
        self.assertEqual(self.browser.one("td button").text(), "Kopieren")

    def test_nothing_is_wider_than_a_phone(self):
        for tags in ("en", "de"):
            self.browser.language(tags)
            for width in (390, 320):
                self.browser.width(width)
                for name, path in PAGES.items():
                    self.open(path)
                    self.browser.script("document.querySelectorAll('details').forEach(each => each.open = true)")
                    widest = self.browser.script("return document.documentElement.scrollWidth")
                    self.assertLessEqual(widest, width, f"{name} ({tags})")

    def test_light_and_dark_both_have_enough_contrast(self):
        for dark in (False, True):
            self.browser.width(1280, dark)
            for name, path in PAGES.items():
                self.open(path)
                contrast, text, ground = self.browser.script(CONTRAST)
                self.assertGreaterEqual(contrast, 4.5, f"{name}, {'dark' if dark else 'light'}: {text!r}")
                self.assertEqual(ground < 0.1, dark, f"{name}: {ground}")

    def test_hostile_addresses_stay_text(self):
        for text in ['"><script>alert(1)</script>', "a&b<c@example.org", "'onfocus=alert(1) x='@example.net", "\0<b>", "\u202e@x"]:
            self.open(f"/?emailaddress={urllib.parse.quote(text)}")
            self.assertEqual(self.browser.one("input").property("value"), text.replace("\0", ""))
            self.assertEqual(len(self.browser.all("main b, main [onfocus], script")), 0)

    def test_the_policy_lets_nothing_else_in(self):
        self.open(PAGES["settings"])
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

    def test_the_explanation_leads_to_the_form(self):
        self.open(PAGES["explanation"])
        self.assertEqual(self.browser.one("h1").text(), "Autodiscover works here")
        self.browser.one("a.button").click()
        self.until(lambda: self.browser.all("form"), "no form")
        self.assertEqual(self.browser.url(), self.origin + "/")

    def test_a_refusal_keeps_what_was_typed(self):
        self.open("/")
        self.browser.one("input").type("ada" + ENTER)
        self.until(lambda: self.browser.all("[role=alert]"), "no notice")
        field = self.browser.one("input")
        self.assertEqual(field.property("value"), "ada")
        self.assertEqual(field.property("ariaInvalid"), "true")
        self.assertEqual(self.browser.one("#notice").text(), "This is no e-mail address. It should look like name@example.org.")


class WithoutJavaScript(Window):
    javascript = False

    def test_all_of_it_works_without_javascript(self):
        self.open("/")
        self.browser.one("input").type(ADDRESS + ENTER)
        self.until(lambda: self.browser.all("table"), "no table")
        shown = tables(self.browser)
        self.assertEqual({name: shown.get(name) for name in MAIL}, MAIL)
        self.assertEqual([button.displayed() for button in self.browser.all("td button")].count(True), 0)
        self.browser.one("summary").click()
        self.until(lambda: self.browser.one("details ol").displayed(), "the guide stays closed")


if __name__ == "__main__":
    harness.main("browser")
