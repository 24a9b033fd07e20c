from pathlib import Path

from .errors import PeersError


class MarkdownPlace:
    """The lines between `<!-- peers: NAME -->` and `<!-- end of peers: NAME -->` in a document."""

    def __init__(self, document: Path, name: str):
        self._document = document
        begin, end = f"<!-- peers: {name} -->\n", f"<!-- end of peers: {name} -->\n"
        before, found_begin, rest = document.read_text().partition(begin)
        _, found_end, after = rest.partition(end)
        if not found_begin or not found_end:
            raise PeersError(
                f"{document} has no lines {begin.strip()} and {end.strip()}; add them where the result belongs."
            )
        self._before, self._after = before + begin, end + after

    def fill(self, text: str) -> None:
        self._document.write_text(f"{self._before}\n{text}\n{self._after}")
