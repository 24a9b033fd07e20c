import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Opens a model and says so where its weights are stand-ins.
package func openModel(_ path: FilePath, _ console: Console) throws(FaceqError) -> Model {
  let model = try Model(path: path)
  if model.description.isStandIn {
    console.note("\(path) has stand-in weights: it was never trained and identifies nobody.")
  }
  return model
}

extension RunOptions {
  /// What decides the numbers of a run of `model`: `q.gguf (int8, digest 0a1b…), vnni, 2 threads`.
  func summary(_ model: Model) throws(FaceqError) -> String {
    let (instructionSet, threads) = (try kernels().instructionSet, try threadPlan().count)
    return "\(model.path) (\(model.precision), digest \(model.digest)), \(instructionSet.rawValue), "
      + counted(threads, "thread")
  }
}

/// `1 image`, `2 images`.
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
