class PeersError(Exception):
    """What is wrong and what to do, in one sentence that is printed as it is."""
