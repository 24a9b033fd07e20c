"""The whole way: three people are enrolled by HTTP, the generated video is piped in, and their visits are on the page."""
import pathlib
import subprocess

import pytest

from page import SHOTS, Visit, chromium
from service import SHARED, Service, board

sync_api = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import expect

VIDEO = pathlib.Path(".build/watch")
PEOPLE = ["Hugo_Chavez", "Jennifer_Lopez", "Keanu_Reeves"]
# In these frames the three come, partly at once and behind one another, and a stranger.
FIRST, LAST = 770, 1075


@pytest.fixture(scope="module")
def frames():
    """JPEG files, one after another."""
    if not (VIDEO / "door.mjpeg").exists():
        VIDEO.mkdir(parents=True, exist_ok=True)
        subprocess.run(["/usr/bin/python3", "-B", "Tests/Watch/make_video.py", str(SHARED), str(VIDEO)], check=True)
    start = b"\xff\xd8\xff"
    return [start + frame for frame in (VIDEO / "door.mjpeg").read_bytes().split(start)[1:]][FIRST:LAST]


@pytest.mark.skipif(not chromium(), reason="there is no Chromium; install Debian's chromium-headless-shell")
@pytest.mark.parametrize("program", [None, *board(["max"])], ids=lambda program: program[2] if program else "here")
def test_the_door(tmp_path, frames, program):
    service = Service(tmp_path, "--every-frame", program=program, source="-", stdin=subprocess.PIPE)
    for name in PEOPLE:
        photos = [("photo", path.read_bytes()) for path in sorted((VIDEO / "people" / name).iterdir())]
        added = service.post("/v1/people", data={"name": name}, files=photos)
        assert added.status_code == 201, added.text
        print(f"POST /v1/people {name}: {added.status_code}, {len(added.json()['faces'])} photos")
    SHOTS.mkdir(parents=True, exist_ok=True)
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        visit = Visit(browser, service.url)
        events = visit.page.locator("#events li")
        expect(visit.page.locator("#list li")).to_have_count(len(PEOPLE))
        with service.process.stdin as pipe:
            for frame in frames:
                pipe.write(frame)
            pipe.flush()
            expect(events).to_have_count(4, timeout=300_000)
        told = [line.replace("\n", " · ") for line in events.all_inner_texts()]
        print(*told, sep="\n")
        assert sorted(line.split(" · ")[0] for line in told) == ["A stranger", *PEOPLE]
        visit.look("page")
        visit.page.screenshot(path=SHOTS / f"door-{program[2] if program else 'here'}.png", full_page=True)
        visit.end()
        browser.close()
    assert service.stop() == 0, service.log.read_text()
    print(service.log.read_text())
