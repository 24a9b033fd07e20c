import QuantRuntime
import SIMDKernels

/// Opens a model and says so where its weights are stand-ins.
public func openModel(_ path: FilePath, _ console: Console) throws(FaceqError) -> Model {
  let model = try Model(path: path)
  if model.description.isStandIn {
    console.note("\(path) has stand-in weights: it was never trained and identifies nobody.")
  }
  return model
}

extension EmbeddingSession {
  /// What decided a run's numbers: `q.gguf (int8, digest 0a1b…), vnni, 2 threads`.
  var summary: String {
    "\(model.path) (\(model.precision), digest \(model.digest)), \(instructionSet.rawValue), \(counted(threads.count, "thread"))"
  }
}

/// `1 image`, `2 images`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
