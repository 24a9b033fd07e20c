"""What a process costs that finds and embeds the faces of one photo: see measure.

    process.py faceq MODEL DETECTOR PHOTO
    process.py insightface ROOT NAME PHOTO      with the models in ROOT/models/NAME
"""

import resource
import sys
import time
import warnings

warnings.simplefilter("ignore")
library, first, second, photo = sys.argv[1:]


def mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


start, processor = time.perf_counter(), time.process_time()
if library == "faceq":
    from faceq.app import FaceAnalysis
else:
    from insightface.app import FaceAnalysis
imported, import_processor, import_memory = time.perf_counter(), time.process_time(), mebibytes()

if library == "faceq":
    analysis = FaceAnalysis(first, second)
    faces = analysis.get(photo)
else:
    import cv2

    analysis = FaceAnalysis(name=second, root=first, providers=["CPUExecutionProvider"])
    analysis.prepare(ctx_id=-1, det_size=(640, 640))
    faces = analysis.get(cv2.imread(photo))
done, all_processor = time.perf_counter(), time.process_time()
# As JSON; insightface prints lines of its own before.
print(
    f'{{"faces": {len(faces)}, "components": {faces[0].normed_embedding.shape[0]}, '
    f'"import_seconds": {imported - start:.3f}, "import_processor": {import_processor - processor:.3f}, '
    f'"seconds": {done - start:.3f}, "processor": {all_processor - processor:.3f}, '
    f'"import_mebibytes": {import_memory:.1f}, "mebibytes": {mebibytes():.1f}}}'
)
