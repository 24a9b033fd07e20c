"""The tables of docs/measurements/arm.md."""

import boards
import ncnn
import pipeline

# The cores whose pipelines stand for an instruction set's boards.
PIPELINES = {"neon": ["cortex-a55", "cortex-a57"], "dotprod": ["cortex-a55", "cortex-a76"], "i8mm": ["cortex-a710"]}


def table(header, rows):
    """Markdown; the first column is text, the others are numbers."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def totals(models):
    """models: {name: (MACs, bytes, {instruction set: Embedding})}."""
    rows = []
    for name, (macs, _, embeddings) in models.items():
        for instruction_set, embedding in embeddings.items():
            row = [name, instruction_set, f"{embedding.instructions / 1e9:.3f}"]
            rows.append(row + [f"{macs / embedding.instructions:.1f}"])
    return table(["network", "instruction set", "instructions, 10⁹", "MACs per instruction"], rows)


def kinds(embeddings):
    """Instructions in millions, and executed multiplications per instruction, of each kind of work."""
    names = []
    for embedding in embeddings.values():
        names += [share.kind for share in embedding.shares if share.kind not in names]
    header = ["kind of work"]
    for instruction_set in embeddings:
        header += [instruction_set, "%", "× per instruction"]
    rows = []
    for name in names:
        row = [name]
        for embedding in embeddings.values():
            share = next((share for share in embedding.shares if share.kind == name), None)
            if share is None:
                row += ["–", "–", "–"]
                continue
            rate = share.multiplications / share.instructions
            row += [f"{share.instructions / 1e6:.1f}", f"{100 * share.instructions / embedding.instructions:.1f}"]
            row += [f"{rate:.1f}" if rate >= 0.05 else "–"]
        rows.append(row)
    return table(header, rows)


def pieces(embeddings):
    """The hottest, one row for each that differs, with the share of all that are alike."""
    rows = []
    for instruction_set, embedding in embeddings.items():
        alike = {}
        for piece in embedding.hot_pieces(0.002):
            alike.setdefault((piece.kind, piece.length, piece.multiplications), []).append(piece)
        shares = {
            key: 100 * sum(piece.length * piece.executions for piece in copies) / embedding.instructions
            for key, copies in alike.items()
        }
        for key in sorted(shares, key=shares.get, reverse=True):
            if shares[key] < 2:
                break
            kind, length, multiplications = key
            for core in PIPELINES[instruction_set]:
                cycles = pipeline.cycles(alike[key][0].text, core)
                rate = f"{multiplications / cycles:.1f}" if multiplications else "–"
                row = [kind, instruction_set, f"{shares[key]:.1f}", str(length), str(multiplications or "–")]
                rows.append(row + [core, f"{cycles:.1f}", f"{length / cycles:.2f}", rate])
    header = ["piece of", "instruction set", "% of all", "instructions", "×", "pipeline", "cycles"]
    return table(header + ["instructions per cycle", "× per cycle"], rows)


def predictions(models):
    rows = []
    for name, (_, size, embeddings) in models.items():
        for board in boards.BOARDS:
            cycles, others = embeddings[board.instruction_set].cycles(board.pipeline)
            one, four = boards.milliseconds(board, cycles, others, size)
            row = [name, board.name, board.core, f"{board.clock:.1f}", f"{cycles / 1e6:.0f}", f"{others / 1e6:.0f}"]
            rows.append(row + [f"{size / 1e6:.1f}", milliseconds(one), milliseconds(four)])
    header = ["network", "board", "cores", "GHz", "cycles judged, 10⁶", "other instructions, 10⁶", "weights, MB"]
    return table(header + ["1 thread, ms", "4 threads, ms"], rows)


def milliseconds(time):
    return f"{time:.0f}" if time >= 20 else f"{time:.1f}"


def assumptions():
    rows = []
    for board in boards.BOARDS:
        one, four = board.bandwidth
        rows.append([board.name, board.pipeline, f"{board.clock:.1f}", f"{board.calm:.1f}", f"{one:.1f}", f"{four:.1f}"])
    header = ["board", "pipeline model", "GHz", "instructions per cycle elsewhere", "GB/s, 1 core", "GB/s, 4 cores"]
    return table(header, rows)


def ncnn_instructions(models):
    """Beside those of IR-SE50, where it is among the models."""
    ours = {}
    for name, (_, _, embeddings) in models.items():
        if name.startswith("ir_se"):
            ours = {instruction_set: embedding.instructions for instruction_set, embedding in embeddings.items()}
    rows = []
    for instruction_set, precision, billions in ncnn.INSTRUCTIONS:
        mine = f"{ours[instruction_set] / 1e9:.2f}" if instruction_set in ours else "–"
        rows.append([f"{instruction_set}", precision, f"{billions:.2f}", mine])
    return table(["instruction set", "ncnn's precision", "ncnn, 10⁹", "faceq int8, 10⁹"], rows)


def ncnn_times(gigamacs):
    rows = []
    for board, threads, networks in ncnn.PUBLISHED:
        for network, (fp32, int8) in networks.items():
            scale = gigamacs / ncnn.GIGAMACS[network]
            rows.append([board, str(threads), network, f"{fp32:.0f}", f"{int8:.0f}", f"{scale * min(fp32, int8):.0f}"])
    rows += [[board, str(threads), "–", "–", "–", time] for board, threads, time in ncnn.SCALED]
    return table(["board", "threads", "network", "fp32, ms", "int8, ms", "the better, scaled to IR-SE50, ms"], rows)
