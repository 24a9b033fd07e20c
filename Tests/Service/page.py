#!/usr/bin/env python3
"""Clicks through the page of a running service in headless Chromium, and fails where something is not as it should be.

    Tests/Service/page.py http://127.0.0.1:8765/ --photo ada.jpg --other bob.jpg [--key KEY] [--visitor NAME] [--shots FOLDER]

It needs Playwright (PyPI: playwright) and Debian's chromium-headless-shell or chromium. The bank must be empty. Each photo
shows one face. Where the service watches a camera, --visitor names who comes and is in the bank, or is enrolled by then.
"""
import argparse
import pathlib
import shutil
import sys

from playwright.sync_api import expect, sync_playwright

MARKUP = "<img src=x onerror=alert(1)> & Söhne"
WIDTHS = {390: 844, 1280: 900}

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
    for name in ["chromium-headless-shell", "chromium"]:
        if path := shutil.which(name):
            return path
    sys.exit("page.py: there is no Chromium; install Debian's chromium-headless-shell")


class Visit:
    """A browser's window on the page, which notes what must not happen."""

    def __init__(self, browser, arguments, width, scheme):
        self.arguments = arguments
        self.name = f"{width}-{scheme}"
        self.context = browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.faults = []
        self.page.on("pageerror", lambda error: self.faults.append(f"error on the page: {error}"))
        self.page.on("request", self.check_request)
        self.page.on("dialog", lambda dialog: dialog.accept() if dialog.type == "confirm" else self.faults.append(
            f"a name became markup: {dialog.message}"))
        self.page.goto(arguments.url)
        if arguments.key:
            self.sign_in()
        expect(self.page.locator("#state.good")).to_be_visible(timeout=15_000)
        self.watches = self.page.evaluate("isWatching")

    def check_request(self, request):
        if not request.url.startswith((self.arguments.url, "blob:" + self.arguments.url, "data:")):
            self.faults.append(f"the page asked {request.url}")

    def sign_in(self):
        key = self.page.get_by_label("Key of this service")
        key.fill("not the key of this service")
        key.press("Enter")
        expect(self.page.locator("#sign-in-said.bad")).not_to_be_empty()
        key.fill(self.arguments.key)
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
            print(f"the page has doubts: {self.page.locator('#enrol-said').inner_text()}")
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
        if self.arguments.shots:
            page.screenshot(path=self.arguments.shots / f"{what}-{self.name}.png", full_page=what == "page")

    def end(self):
        self.context.close()
        return self.faults


def enrolment(visit, arguments):
    page = visit.page
    visit.add("Ada", arguments.photo)
    visit.add(MARKUP, arguments.other)
    visit.try_photo(arguments.photo, "Ada")
    page.get_by_label("Threshold").fill("1")
    expect(page.locator("#threshold-value")).to_have_text("1.00")
    page.get_by_label("A photo: who is in it?").set_input_files(
        {"name": "no.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(page.locator("#tried-said.bad")).not_to_be_empty()

    # A person's photos and name.
    visit.person(MARKUP).click()
    expect(page.locator("#person-faces li")).to_have_count(1)
    visit.look("person")
    page.locator("#new-name").fill("Ada")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("#person-said.bad")).not_to_be_empty()
    page.locator("#new-name").fill("Bob")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("#person-title")).to_have_text("Bob")
    page.get_by_role("button", name="Add photos").click()
    page.get_by_label("Photos of this person").set_input_files([arguments.photo, arguments.other])
    page.get_by_role("button", name="Leave out").first.click()
    page.locator("#enrol-send").click()
    expect(page.locator("#enrol-said")).to_contain_text("Add", timeout=30_000)
    page.keyboard.press("Escape")
    visit.person("Bob").click()
    page.locator("#person-faces").get_by_role("button").first.click()
    expect(page.locator("#person-said")).to_have_text("The photo was removed.")
    page.get_by_role("button", name="Remove this person").click()
    expect(visit.person("Bob")).to_have_count(0)
    expect(visit.person("Ada")).to_be_visible()


def watching(visit, arguments):
    page = visit.page
    expect(page.locator("#boxes .box").first).to_be_visible(timeout=60_000)
    expect(page.locator("#events li").first).to_be_visible(timeout=60_000)
    if arguments.visitor:
        expect(page.locator("#events .name", has_text=arguments.visitor).first).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Add who is here").click()
    expect(page.locator("#chosen li")).to_have_count(1, timeout=30_000)
    page.keyboard.press("Escape")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("url")
    parser.add_argument("--photo", required=True, type=pathlib.Path)
    parser.add_argument("--other", required=True, type=pathlib.Path)
    parser.add_argument("--key")
    parser.add_argument("--visitor")
    parser.add_argument("--shots", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.url = arguments.url.rstrip("/") + "/"
    if arguments.shots:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        visit = Visit(browser, arguments, 1280, "light")
        enrolment(visit, arguments)
        if visit.watches:
            watching(visit, arguments)
        faults += visit.end()
        for width in WIDTHS:
            for scheme in ["light", "dark"]:
                visit = Visit(browser, arguments, width, scheme)
                visit.try_photo(arguments.photo, "Ada")
                if visit.watches:
                    expect(visit.page.locator("#boxes .box").first).to_be_visible(timeout=60_000)
                visit.look("page")
                faults += visit.end()
        browser.close()
    for fault in faults:
        print(fault)
    print(f"page: {'failed' if faults else 'passed'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
