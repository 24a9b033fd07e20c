"""The page, clicked through in headless Chromium at a phone's and a desktop's width, in light and dark. Its screenshots
are in .build/service/shots, or in $FACEQ_SHOTS."""
import pytest

from camera import Camera
from service import Service, faces_of, people

sync_api = pytest.importorskip("playwright.sync_api")
from page import SHOTS, WINDOWS, Visit, chromium
from playwright.sync_api import expect

MARKUP = "<img src=x onerror=alert(1)> & Söhne"


@pytest.fixture(scope="module")
def browser():
    if not chromium():
        pytest.skip("there is no Chromium; install Debian's chromium-headless-shell")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def photos():
    """A photo of somebody, another of the same person, and one of somebody else."""
    first, second = people(2, 2)
    return [*faces_of(first)[:2], faces_of(second)[0]]


def test_adding_trying_renaming_removing(browser, service, photos):
    visit = Visit(browser, service.url)
    page = visit.page
    expect(page.locator("#no-live")).to_be_visible()
    visit.add("Ada", photos[0])
    visit.add(MARKUP, photos[2])
    visit.try_photo(photos[0], "Ada")
    page.get_by_label("Threshold").fill("1")
    expect(page.locator("#threshold-value")).to_have_text("1.00")
    page.get_by_label("A photo: who is in it?").set_input_files(
        {"name": "no.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(page.locator("#tried-said.bad")).not_to_be_empty()

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
    page.get_by_label("Photos of this person").set_input_files(photos[:2])
    page.get_by_role("button", name="Leave out").first.click()
    page.locator("#enrol-send").click()
    # A photo of Ada under Bob's name makes doubt.
    expect(page.locator("#enrol-said")).to_contain_text("1 photo added", timeout=30_000)
    page.keyboard.press("Escape")

    visit.person("Bob").click()
    expect(page.locator("#person-faces li")).to_have_count(2)
    page.locator("#person-faces").get_by_role("button").first.click()
    expect(page.locator("#person-said")).to_have_text("The photo was removed.")
    expect(page.locator("#person-faces li")).to_have_count(1)
    page.get_by_role("button", name="Remove this person").click()
    expect(visit.person("Bob")).to_have_count(0)
    expect(visit.person("Ada")).to_be_visible()
    visit.end()
    assert [person["name"] for person in service.get("/v1/people").json()["people"]] == ["Ada"]


def test_signing_in(browser, tmp_path, photos):
    key = "a key of the test 0123456789".replace(" ", "-")
    (tmp_path / "keys").write_text(key + "\n")
    service = Service(tmp_path, "--api-key-file", tmp_path / "keys")
    visit = Visit(browser, service.url, key=key)
    visit.add("Ada", photos[0])
    # A reload keeps the cookie; signing out does not.
    visit.page.reload()
    expect(visit.person("Ada")).to_be_visible()
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page.locator("#sign-in")).to_be_visible()
    expect(visit.person("Ada")).to_have_count(0)
    visit.end()
    assert service.stop() == 0, service.log.read_text()


def test_who_comes(browser, tmp_path, photos):
    camera = Camera(photos[1:])
    service = Service(tmp_path, "--cooldown", "1", source=camera.url)
    visit = Visit(browser, service.url)
    page = visit.page
    expect(page.locator("#events .stranger").first).to_be_visible(timeout=60_000)
    visit.add("Ada", photos[1])
    expect(page.locator("#events .name:not(.stranger)").first).to_have_text("Ada", timeout=60_000)
    expect(page.locator("#boxes .box.known").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Add who is here").click()
    expect(page.locator("#chosen li")).to_have_count(1, timeout=30_000)
    page.keyboard.press("Escape")
    # A stranger's visit becomes a person.
    page.locator("#events li", has_text="A stranger").get_by_role("button").first.click()
    page.locator("#name").fill("Bob")
    page.locator("#enrol-send").click()
    expect(visit.person("Bob")).to_be_visible(timeout=30_000)
    visit.end()
    for width in WINDOWS:
        for scheme in ["light", "dark"]:
            visit = Visit(browser, service.url, width, scheme)
            visit.try_photo(photos[1], "Ada")
            expect(visit.page.locator("#boxes .box").first).to_be_visible(timeout=60_000)
            visit.look("page")
            visit.end()
    assert service.stop() == 0, service.log.read_text()
    camera.stop()
