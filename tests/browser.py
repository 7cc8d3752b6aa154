"""Drives a real Chromium over the page for people; tests/browser.sh starts it.

    browser.py PROGRAM

Serves the program as CGI on the loopback interface and speaks WebDriver (W3C) to chromedriver, with nothing but the standard library.
"""

import http.client
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
CASES = pathlib.Path(__file__).parent / "cases"
ADDRESS = "ada@example.org"
PATIENCE = 10
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAB, ENTER = "\ue004", "\ue007"

# Nothing but the loopback interface can be reached, so that a request elsewhere fails as well as being seen.
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-component-update",
    "--disable-background-networking", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Site(http.server.ThreadingHTTPServer):
    """The program behind a web server, with the configuration of a case."""

    def __init__(self, case):
        super().__init__(("127.0.0.1", 0), Handler)
        self.config = CASES / case / "config" / "autodiscover.toml"
        assert self.config.is_file(), self.config
        self.origin = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        length = self.headers.get("Content-Length", "")
        environment = {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "REQUEST_METHOD": self.command,
            "REQUEST_URI": self.path,
            "SERVER_NAME": "127.0.0.1",
            "CONTENT_LENGTH": length,
            "AUTODISCOVER_CONFIG": str(self.server.config),
        }
        for name, value in self.headers.items():
            environment["HTTP_" + name.upper().replace("-", "_")] = value
        body = self.rfile.read(int(length or 0))
        answer = subprocess.run([PROGRAM], input=body, env=environment, stdout=subprocess.PIPE, check=True).stdout
        head, body = answer.split(b"\r\n\r\n", 1)
        fields = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        self.send_response(int(dict(fields).get("Status", "200").split()[0]))
        for name, value in fields:
            if name != "Status":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

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


def until(true):
    """Waits for what the browser does in its own time."""
    end = time.monotonic() + PATIENCE
    while not (value := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return value


def same(actual, expected):
    assert actual == expected, f"{actual!r}, expected {expected!r}"


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


def fill_in(browser, site):
    browser.open(site.origin + "/")
    browser.one("input").type(ADDRESS + ENTER)
    assert until(lambda: "emailaddress=ada%40example.org" in browser.url()), browser.url()
    shown = tables(browser)
    same({name: shown.get(name) for name in MAIL}, MAIL)
    same(browser.one("input").property("value"), ADDRESS)


def by_the_button(browser, site):
    browser.open(site.origin + "/mail/")
    browser.one("input").type(ADDRESS)
    browser.one("form button").click()
    assert until(lambda: browser.all("table")), "no table"
    same(urllib.parse.urlsplit(browser.url()).path, "/mail/")


def copies(browser, site):
    browser.open(site.origin + PAGES["settings"])
    browser.devtools("Browser.grantPermissions", origin=site.origin, permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    buttons, values = browser.all("td button"), browser.all("td code")
    same(len(buttons), len(values))
    for button, value in zip(buttons, values):
        button.click()
        assert until(lambda: button.text() == "Copied"), button.text()
        same(browser.script("return navigator.clipboard.readText()"), value.text())
        same(browser.one(".status").property("textContent"), f"Copied: {value.text()}")
    assert until(lambda: buttons[-1].text() == "Copy"), buttons[-1].text()


def copies_by_keyboard(browser, site):
    browser.open(site.origin + PAGES["settings"])
    browser.script("document.querySelector('td button').focus()")
    browser.press(ENTER)
    assert until(lambda: browser.one("td button").text() == "Copied"), "nothing copied"
    same(browser.script("return navigator.clipboard.readText()"), "imap.example.org")


def selects_where_copying_is_forbidden(browser, site):
    browser.open(site.origin + PAGES["settings"])
    browser.script("navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'))")
    browser.one("td button").click()
    assert until(lambda: browser.script("return getSelection().toString()") == "imap.example.org"), "not selected"


def keyboard_order(browser, site):
    browser.open(site.origin + PAGES["settings"])
    count = len(browser.all("td button"))
    order = []
    for _ in range(100):
        browser.press(TAB)
        name, outline = browser.script(
            "const at = document.activeElement;"
            "return [at.localName + (at.closest('table') ? ' in table' : ''), getComputedStyle(at).outlineStyle]"
        )
        if name in ("body", "input") and order:
            break
        same(outline, "solid")
        order.append(name)
    guides = len(browser.all("summary"))
    same(order, ["input", "button", "a", *["button in table"] * count, "a", *["summary"] * guides, "a"])


def guides_open_by_keyboard(browser, site):
    browser.open(site.origin + PAGES["settings"])
    assert not browser.one("details ol").displayed()
    browser.script("document.querySelector('summary').focus()")
    browser.press(ENTER)
    assert until(lambda: browser.one("details ol").displayed()), "closed"


def speaks_german(browser, site):
    browser.language("de-AT,de;q=0.9,en;q=0.8")
    try:
        browser.open(site.origin + PAGES["settings"])
        same(browser.script("return document.documentElement.lang"), "de")
        same(browser.one("h1").text(), "E-Mail einrichten")
        same(browser.one("td button").text(), "Kopieren")
    finally:
        browser.language("en")


def fits_a_phone(browser, site):
    try:
        for tags in ("en", "de"):
            browser.language(tags)
            for width in (390, 320):
                browser.width(width)
                for name, path in PAGES.items():
                    browser.open(site.origin + path)
                    browser.script("document.querySelectorAll('details').forEach(each => each.open = true)")
                    widest = browser.script("return document.documentElement.scrollWidth")
                    assert widest <= width, f"{name} ({tags}) is {widest} pixels wide, of {width}"
    finally:
        browser.language("en")
        browser.width(1280)


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


def light_and_dark(browser, site):
    try:
        for dark in (False, True):
            browser.width(1280, dark)
            for name, path in PAGES.items():
                browser.open(site.origin + path)
                contrast, text, ground = browser.script(CONTRAST)
                assert contrast >= 4.5, f"{name}, {'dark' if dark else 'light'}: {text!r} has a contrast of {contrast:.2f}"
                assert (ground < 0.1) == dark, f"{name} has a ground of {ground:.2f}"
    finally:
        browser.width(1280)


def hostile_addresses(browser, site):
    for text in ['"><script>alert(1)</script>', "a&b<c@example.org", "'onfocus=alert(1) x='@example.net", "\0<b>", "\u202e@x"]:
        browser.open(f"{site.origin}/?emailaddress={urllib.parse.quote(text)}")
        same(browser.one("input").property("value"), text.replace("\0", ""))
        same(len(browser.all("main b, main [onfocus], script")), 0)


def policy_holds(browser, site):
    browser.open(site.origin + PAGES["settings"])
    browser.script(
        "window.ran = false; window.blocked = [];"
        "addEventListener('securitypolicyviolation', event => blocked.push(event.effectiveDirective));"
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}));"
        "document.body.append(Object.assign(new Image(), {src: '/other.png'}));"
    )
    assert until(lambda: len(browser.script("return blocked")) == 2), browser.script("return blocked")
    same(browser.script("return ran"), False)
    # What was provoked here is no complaint about the page.
    browser.log("browser")


def explanation_leads_to_the_form(browser, site):
    browser.open(site.origin + PAGES["explanation"])
    same(browser.one("h1").text(), "Autodiscover works here")
    browser.one("a.button").click()
    assert until(lambda: browser.all("form")), "no form"
    same(browser.url(), site.origin + "/")


def refusal_keeps_what_was_typed(browser, site):
    browser.open(site.origin + "/")
    browser.one("input").type("ada" + ENTER)
    assert until(lambda: browser.all("[role=alert]")), "no notice"
    field = browser.one("input")
    same(field.property("value"), "ada")
    same(field.property("ariaInvalid"), "true")
    same(browser.one("#notice").text(), "This is no e-mail address. It should look like name@example.org.")


def without_javascript(browser, site):
    browser.open(site.origin + "/")
    browser.one("input").type(ADDRESS + ENTER)
    assert until(lambda: browser.all("table")), "no table"
    shown = tables(browser)
    same({name: shown.get(name) for name in MAIL}, MAIL)
    same([button.displayed() for button in browser.all("td button")].count(True), 0)
    browser.one("summary").click()
    assert until(lambda: browser.one("details ol").displayed()), "the guide stays closed"


CHECKS = [
    ("an address filled in leads to its settings", fill_in),
    ("the button sends the form", by_the_button),
    ("each button copies its value", copies),
    ("a button copies by keyboard", copies_by_keyboard),
    ("where copying is forbidden the value is selected", selects_where_copying_is_forbidden),
    ("the keyboard goes through the page in its order", keyboard_order),
    ("a guide opens by keyboard", guides_open_by_keyboard),
    ("the page speaks German to who wants it", speaks_german),
    ("nothing is wider than a phone", fits_a_phone),
    ("light and dark, both with enough contrast", light_and_dark),
    ("hostile addresses stay text", hostile_addresses),
    ("the policy lets nothing else in", policy_holds),
    ("the explanation leads to the form", explanation_leads_to_the_form),
    ("a refusal keeps what was typed", refusal_keeps_what_was_typed),
]
WITHOUT_JAVASCRIPT = [("all of it without JavaScript", without_javascript)]

# A page that answers 400, 404 or 405 is named in the console; that is no fault of the page.
STATUS = re.compile(r"Failed to load resource: the server responded with a status of 40[045] ")


def run(name, check, browser, site):
    try:
        check(browser, site)
        said = [entry["message"] for entry in browser.log("browser")]
        same([text for text in said if not STATUS.search(text)], [])
        same(browser.hosts() - {site.origin}, set())
    except (AssertionError, OSError) as error:
        print(f"{name}: {error}")
        return False
    return True


def main():
    site = Site("page-every-service")
    with tempfile.TemporaryDirectory() as home:
        # chromedriver leaves its profiles in TMPDIR when it is killed.
        driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": home}
        )
        try:
            port = next(filter(None, (re.search(r"on port (\d+)\.", line) for line in driver.stdout)))[1]
            results = []
            for checks, javascript in ((CHECKS, True), (WITHOUT_JAVASCRIPT, False)):
                browser = Browser(int(port), javascript)
                browser.width(1280)
                browser.language("en")
                results += [run(name, check, browser, site) for name, check in checks]
                browser.quit()
        finally:
            driver.terminate()
            driver.wait()
    failed = results.count(False)
    print(f"browser: {results.count(True)} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
