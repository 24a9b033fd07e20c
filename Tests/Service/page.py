"""A browser on the page of a service: headless Chromium, by Playwright."""
import os
import pathlib
import shutil

from playwright.sync_api import expect

# A phone's and a desktop's.
WINDOWS = {390: 844, 1280: 900}
SHOTS = pathlib.Path(os.environ.get("FACEQ_SHOTS", ".build/service/shots"))

# What assistive technology and the keyboard need, of what is shown.
UNNAMED = """() => [...document.querySelectorAll('button, input, a, img, dialog, section')].filter(element => {
  if (!element.checkVisibility()) return false
  if (element.tagName === 'IMG') return !element.hasAttribute('alt')
  if (element.getAttribute('aria-label') || document.getElementById(element.getAttribute('aria-labelledby'))) return false
  return !(element.tagName === 'INPUT' ? element.labels.length : element.textContent.trim())
}).map(element => element.outerHTML.slice(0, 200))"""

# The texts whose contrast with what is behind them is less than 4.5 to 1 (WCAG 2.2, AA).
PALE = """() => {
  const channels = text => text.match(/[0-9.]+/g).map(Number)
  const light = ([red, green, blue]) => [red, green, blue].map(value => value / 255)
    .map(value => value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4)
    .reduce((sum, value, index) => sum + value * [.2126, .7152, .0722][index], 0)
  const ground = element => {
    for (; element; element = element.parentElement) {
      const colour = channels(getComputedStyle(element).backgroundColor)
      if (colour.length < 4 || colour[3] > 0) return colour
    }
    return [255, 255, 255]
  }
  const pale = []
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility() || element.closest('.fresh, script, style')) continue
    if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(ground(element))].sort((a, b) => b - a)
    if ((a + .05) / (b + .05) < 4.5) pale.push(element.textContent.trim().slice(0, 40))
  }
  return pale
}"""


def chromium():
    """The path of Debian's Chromium; None where there is none."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


class Visit:
    """A browser's window on the page, which notes what must not happen."""

    def __init__(self, browser, url, width=1280, scheme="light", key=None):
        self.url = url + "/"
        self.name = f"{width}-{scheme}"
        self.context = browser.new_context(
            viewport={"width": width, "height": WINDOWS[width]}, color_scheme=scheme, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(f"error on the page: {error}"))
        self.page.on("request", self.check_request)
        self.page.on("dialog", self.accept)
        self.page.goto(self.url)
        if key:
            self.sign_in(key)
        expect(self.page.locator("#state.good")).to_be_visible(timeout=15_000)

    def accept(self, dialog):
        if dialog.type != "confirm":
            self.faults.append(f"a name became markup: {dialog.message}")
        dialog.accept()

    def check_request(self, request):
        if not request.url.startswith((self.url, "blob:" + self.url, "data:")):
            self.faults.append(f"the page asked {request.url}")

    def sign_in(self, right):
        key = self.page.get_by_label("Key of this service")
        key.fill("not the key of this service")
        key.press("Enter")
        expect(self.page.locator("#sign-in-said.bad")).not_to_be_empty()
        key.fill(right)
        key.press("Enter")
        expect(self.page.locator("#sign-in")).to_be_hidden()

    def add(self, name, *photos):
        """By the keyboard alone, but for the choice of files."""
        self.page.get_by_role("button", name="Add a person").focus()
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#name")).to_be_focused()
        self.page.keyboard.type(name)
        self.page.get_by_label("Photos of this person").set_input_files(photos)
        self.look("enrol")
        self.page.locator("#name").focus()
        self.page.keyboard.press("Enter")
        expect(self.person(name)).to_be_visible(timeout=30_000)
        if self.page.locator("#enrol").is_visible():
            # It tells its doubts.
            self.page.keyboard.press("Escape")
        expect(self.page.locator("#enrol")).to_be_hidden()

    def person(self, name):
        return self.page.locator("#list").get_by_text(name, exact=True)

    def try_photo(self, photo, name):
        self.page.get_by_label("A photo: who is in it?").set_input_files(photo)
        expect(self.page.locator("#tried-faces .name").first).to_have_text(name, timeout=30_000)
        expect(self.page.locator("#tried-boxes .box.known")).to_have_count(1)

    def look(self, what):
        """Checks what can be seen now, and keeps a screenshot."""
        page = self.page
        self.faults += [f"{what}: no name: {element}" for element in page.evaluate(UNNAMED)]
        self.faults += [f"{what} ({self.name}): too pale: {text}" for text in page.evaluate(PALE)]
        if (width := page.evaluate("document.documentElement.scrollWidth")) > page.viewport_size["width"]:
            self.faults.append(f"{what} ({self.name}): {width} pixels wide")
        page.screenshot(path=SHOTS / f"{what}-{self.name}.png", full_page=what == "page")

    def end(self):
        self.context.close()
        assert not self.faults, "\n".join(self.faults)
