"""The comparison from its arguments to its Markdown; runs in the environment with the runtimes."""

import argparse
import hashlib
import json
import subprocess
import time
from pathlib import Path

from .. import machine
from ..command import print_markdown, progress
from ..errors import PeersError
from ..faceq import Faceq
from ..faces import find_faces, load_inputs
from ..float_model import FloatModel
from ..markdown_place import MarkdownPlace
from .answers import agreement, faceq_answers
from .arguments import arguments
from .measurement import Job, measure, task
from .report import FACEQ, Conditions, report
from .variants import Variant, peer_variants


def compare(options: argparse.Namespace) -> str:
    faceq = Faceq(options.faceq)
    model = FloatModel(options.float_model)
    faceq.insist_on_a_pair(options.float_model, options.int8_model)
    place = None if options.into is None else MarkdownPlace(options.into, "pipeline")
    photos = [path.resolve() for path in find_faces(options.photos, None)]
    names = [str(path) for path in photos]
    folder = _folder_of(model, options)
    progress(f"Converting and quantising what is not yet in {folder}")
    inputs = load_inputs(find_faces(options.calibration_faces, None), model.input)
    peers = peer_variants(options.detector_onnx, model, inputs, photos, folder)

    def answers(variant: Variant) -> list[dict]:
        progress(f"Embedding the faces of {len(names)} photos: {variant.name}")
        file = folder / "answers.json"
        result = subprocess.run(
            task(variant, model.input, names, answers=str(file)), capture_output=True, text=True
        )
        if result.returncode != 0:
            raise PeersError(f"{variant.name} failed: {result.stderr.strip()[-300:]}")
        return json.loads(file.read_text())

    reference = answers(peers[0])
    agreements = {variant.name: agreement(answers(variant), reference) for variant in peers}
    listing = folder / "photos.txt"
    listing.write_text("".join(f"{name}\n" for name in names))
    rows, table = faceq.embed_photos(options.int8_model, options.detector, listing, folder / "faceq.npy", 1)
    detected = faceq.detect(options.detector, listing)
    agreements[FACEQ] = agreement(faceq_answers(detected, rows, table), reference)

    variants = [Variant(FACEQ), *peers]
    repeated = [names[index % len(names)] for index in range(options.photos_each)]
    job = Job(faceq, options.detector, options.int8_model, model.input, repeated, folder)
    others = machine.OtherLoad()
    rates = measure(variants, job, options.rounds, progress)
    conditions = Conditions(
        date=time.strftime("%Y-%m-%d %H:%M"),
        machine=machine.machine(),
        versions=f"{faceq.version(options.int8_model)}, {machine.versions()}",
        photos=len(names),
        photos_each=options.photos_each,
        rounds=options.rounds,
        other_load=others.share(),
    )
    text = report(variants, rates, agreements, conditions)
    if place is not None:
        place.fill(text)
    return text


def _folder_of(model: FloatModel, options: argparse.Namespace) -> Path:
    """A folder for what is made of these networks and no others."""
    content = model.path.read_bytes() + options.detector_onnx.read_bytes()
    folder = options.work.resolve() / f"pipeline-{hashlib.sha256(content).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


print_markdown(lambda: compare(arguments()))
