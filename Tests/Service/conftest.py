import pytest

from service import Service, faces_of, people


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory):
    """A service for tests that change no bank, with three people in it."""
    service = Service(tmp_path_factory.mktemp("shared"))
    for name in people(3, 2):
        with faces_of(name)[0].open("rb") as photo:
            answer = service.post("/v1/people", data={"name": name}, files={"photo": photo})
        assert answer.status_code == 201, answer.text
    yield service
    assert service.stop() == 0, service.log.read_text()


@pytest.fixture
def service(tmp_path):
    """A service with an empty bank."""
    service = Service(tmp_path)
    yield service
    if service.is_running:
        assert service.stop() == 0, service.log.read_text()
