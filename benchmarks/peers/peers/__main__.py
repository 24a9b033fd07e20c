import os
import sys

from .arguments import arguments
from .environment import install
from .errors import PeersError

try:
    python = install(arguments().work.resolve() / "python")
except PeersError as error:
    sys.exit(str(error))
os.environ["NNCF_CI"] = "1"  # NNCF and OpenVINO then report nothing to their makers
os.execv(python, [str(python), "-m", "peers.compare", *sys.argv[1:]])
