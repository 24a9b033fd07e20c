"""What both programs do: they say how far they are, and print Markdown or why there is none."""

import contextlib
import sys
from collections.abc import Callable

from .errors import PeersError


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def print_markdown(compare: Callable[[], str]) -> None:
    try:
        # What the runtimes print meanwhile is no part of the Markdown.
        with contextlib.redirect_stdout(sys.stderr):
            text = compare()
    except PeersError as error:
        sys.exit(str(error))
    print(text, end="")
