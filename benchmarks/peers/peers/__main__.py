import sys

from .arguments import arguments
from .environment import run_in
from .errors import PeersError

try:
    run_in(arguments().work, "peers.compare")
except PeersError as error:
    sys.exit(str(error))
