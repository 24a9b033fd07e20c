import Checkpoint
import Foundation
import QuantRuntime

let arguments = CommandLine.arguments
do {
  let imported = try importCheckpoint(path: arguments[1], channels: arguments.count > 4 ? .rgb : .bgr)
  print(imported.architecture, imported.parameters, try imported.network.multiplyAccumulates())
  try imported.network.write(
    to: arguments[2],
    ModelDescription(
      architecture: imported.architecture, parameters: imported.parameters,
      source: .init(name: imported.sourceName, sha256: imported.sourceSHA256), isStandIn: false))
  let model = try Model(path: arguments[2])
  print(model.digest, model.embeddingSize)
  let faces = [UInt8](try Data(contentsOf: URL(fileURLWithPath: arguments[3])))
  for set in availableInstructionSets() {
    for threads in [1, 2] {
      let session = try EmbeddingSession(model, kernels: kernelTable(set), threads: threads)
      var out: [Float] = []
      let start = monotonicSeconds()
      for i in 0..<12 {
        out += session.embed(Array(faces[i * 37632..<(i + 1) * 37632]))
      }
      print(set.rawValue, threads, (monotonicSeconds() - start) / 12 * 1000, "ms")
      try writeNPY(path: "/tmp/w/out.\(set.rawValue).npy", rows: 12, columns: model.embeddingSize, values: out)
      if set == .vnni {
        var flip: [Float] = []
        for i in 0..<12 {
          flip += session.embed(Array(faces[i * 37632..<(i + 1) * 37632]), flip: true)
        }
        try writeNPY(path: "/tmp/w/flip.npy", rows: 12, columns: model.embeddingSize, values: flip)
      }
    }
  }
} catch {
  print(error)
}
