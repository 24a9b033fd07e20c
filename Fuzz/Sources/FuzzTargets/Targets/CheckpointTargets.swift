import Checkpoint
import FaceqSupport

/// Checkpoints in every format: their tensors are read, and a network is looked for in them.
let checkpointTargets = [
  FuzzTarget(
    "legacy", "a checkpoint of PyTorch before 1.6, or of any kind; all tensors are read", run: { readCheckpoint($0) }),
  FuzzTarget(
    "pickle", "the pickle of a zip checkpoint with three storages",
    run: { bytes in
      let storages = (0..<3).map { ("a/data/\($0)", [UInt8](repeating: UInt8($0), count: 64)) }
      readCheckpoint(zipArchive([("a/data.pkl", Array(bytes))] + storages))
    }),
  FuzzTarget(
    "zip", "a zip archive, its checksums set right: a checkpoint or .npz", run: { readCheckpoint(repairedZip($0)) }),
  FuzzTarget(
    "npz", "a NumPy array in an archive", run: { readCheckpoint(zipArchive([("conv.weight.npy", Array($0))])) }),
  FuzzTarget("safetensors", "a .safetensors file, or a checkpoint of any kind", run: { readCheckpoint($0) }),
  FuzzTarget(
    "npy", "embeddings in a .npy file",
    run: { bytes in
      expectSentence { () throws(FaceqError) in
        let (shape, values) = try readNPY(path: input.holding(bytes))
        precondition(shape.reduce(1, *) == values.count)
      }
    }),
]

private let input = InputFile()

private func readCheckpoint(_ bytes: UnsafeRawBufferPointer) { readCheckpoint(input.holding(bytes)) }
private func readCheckpoint(_ bytes: [UInt8]) { readCheckpoint(input.holding(bytes)) }

private func readCheckpoint(_ path: FilePath) {
  expectSentence { () throws(FaceqError) in
    let state = try StateDict(path: path)
    for name in state.names {
      guard let tensor = state[name] else { preconditionFailure("a tensor is missing") }
      precondition(tensor.floats().count == tensor.count)
    }
  }
  expectSentence { () throws(FaceqError) in _ = try importCheckpoint(path: path) }
}
