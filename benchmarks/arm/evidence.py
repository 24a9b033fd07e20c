"""Counts, judges and predicts; writes the tables of docs/measurements/arm.md: `evidence.py PROGRAM WORK_FOLDER INT8_MODEL…`."""

import os
import re
import sys

import tables
from embedding import Embedding
from guest import Guest
from machine_code import MachineCode

CORES = {"neon": "cortex-a72", "dotprod": "cortex-a76", "i8mm": "max"}
DOCUMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/measurements/arm.md")
# The network whose figures the ncnn rows are scaled to.
IR_SE50_GIGAMACS = 6.297


def main(program, work, paths):
    code = MachineCode(program)
    models = {}
    for path in paths:
        guest = Guest(program, work, "max")
        description = guest.description(path)
        name = description["architecture"]
        if description["precision"] != "int8":
            sys.exit(f"{path} is not an int8 model; make one with faceq calibrate")
        embeddings = {}
        for instruction_set, core in CORES.items():
            print(f"{path}: counting as {core} …", file=sys.stderr)
            embeddings[instruction_set] = Embedding(code, Guest(program, work, core).embedding(path))
        models[name] = (description["macs"], os.path.getsize(path), embeddings)
    parts = {
        "totals": tables.totals(models),
        "kinds": each(models, tables.kinds),
        "pieces": each(models, tables.pieces),
        "predictions": tables.predictions(models),
        "assumptions": tables.assumptions(),
        "ncnn-instructions": tables.ncnn_instructions(models),
        "ncnn-times": tables.ncnn_times(IR_SE50_GIGAMACS),
    }
    with open(DOCUMENT) as file:
        text = file.read()
    for name, part in parts.items():
        text, replaced = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda match: f"{match[1]}\n{part}\n\n{match[2]}", text, flags=re.DOTALL)
        if replaced != 1:
            sys.exit(f"docs/measurements/arm.md should have the marks <!-- {name} --> and <!-- end --> once")
    with open(DOCUMENT, "w") as file:
        file.write(text)


def each(models, tables_of):
    """One table for each model, with its name above."""
    return "\n\n".join(f"**{name}**\n\n{tables_of(embeddings)}" for name, (_, _, embeddings) in models.items())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
