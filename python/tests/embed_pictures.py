"""Writes the embeddings of pictures to the standard output; scripts/test-library compares them.

    embed_pictures.py MODEL DETECTOR PICTURE...
"""

import sys

import faceq

with faceq.FaceAnalysis(sys.argv[1], sys.argv[2]) as analysis:
    sys.stdout.buffer.write(analysis.embed(sys.argv[3:]).tobytes())
