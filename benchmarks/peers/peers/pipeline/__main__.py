import sys

from ..environment import run_in
from ..errors import PeersError
from .arguments import arguments

try:
    run_in(arguments().work, "peers.pipeline.compare")
except PeersError as error:
    sys.exit(str(error))
