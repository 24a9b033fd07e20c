import GraphReference
import QuantRuntime
import SIMDKernels
import Checkpoint
import Calibrate
import FaceImages
import Foundation

func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
  var (signal, noise) = (0.0, 0.0)
  for (value, exact) in zip(found, expected) { signal += exact * exact; noise += (exact - Double(value)) * (exact - Double(value)) }
  return signal > 0 ? (noise / signal).squareRoot() : .infinity
}

struct Faces: FaceSource {
  let paths: [String]
  var count: Int { paths.count }
  func pixels(_ index: Int) throws(FaceqError) -> [UInt8] { try readImage(path: FilePath(paths[index])).pixels }
}
func faces(_ list: String) -> Faces { Faces(paths: try! String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").map(String.init)) }
let arguments = CommandLine.arguments
if arguments.count > 1, arguments[1] == "calibrate" {
  let model = try Model(path: FilePath(arguments[2]))
  let recipe = arguments[4] == "fast" ? CalibrationRecipe(rounding: MinimumErrorRounding()) : CalibrationRecipe()
  let calibration = try Calibration(model, faces: faces("/tmp/calib.txt"), seed: 1, recipe: recipe, kernels: kernels(nil), threads: 2)
  let start = monotonicSeconds()
  let (graph, description) = try calibration.run(tool: "try", imagesDigest: "") {}
  print(description.calibration!.drift, monotonicSeconds() - start, "s")
  try graph.write(to: FilePath(arguments[3]), description)
} else if arguments.count > 1, arguments[1] == "embed" {
  let model = try Model(path: FilePath(arguments[2]))
  let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 1)
  let dev = faces("/tmp/dev.txt")
  var data = Data()
  for i in 0..<dev.count { let e = try session.embed(try dev.pixels(i)); e.withUnsafeBytes { data.append(contentsOf: $0) } }
  try data.write(to: URL(fileURLWithPath: arguments[3]))
} else if CommandLine.arguments.count < 2 {
var failures = 0
for graph in CoveredGraph.all {
  for precision in CoveredGraph.Precision.allCases {
    do {
      let result = try graph.checkIntegers(precision, availableKernelTables())
      if !result.failures.isEmpty { print(graph.name, precision, result.comparisons, "FAILED") }
      for failure in result.failures.prefix(4) { print("   ", failure) }
      failures += result.failures.count
    } catch { print(graph.name, precision, "THROWS", error.message) }
  }
  do {
    let float = try graph.randomFloats(seed: 3)
    let format = try float.image
    var numbers = RandomNumbers(seed: 5)
    let pixels = (0..<format.height * format.width * 3).map { _ in UInt8(numbers.integer(0...255)) }
    let values = try evaluate(float, normalised(pixels, format, height: format.height, width: format.width))
    for table in availableKernelTables() { for rule in [WinogradChoice.Rule.on, .off] { for threads in [1, 3] {
      let session = try GraphSession(float, kernels: table, threads: ThreadPlan(threads), winograd: WinogradChoice(rule: rule))
      let outputs = try session.run(pixels, height: format.height, width: format.width)
      for (output, value) in zip(outputs, float.outputs) {
        let error = relativeError(output.values, values[value].values)
        if !(error < 1e-5) { print(graph.name, "float", table.instructionSet, rule, threads, float.label(value), error); failures += 1 }
      }
    }}}
  } catch { print(graph.name, "float THROWS", error.message) }
}
print(failures, "failures")
} else {
  var path = CommandLine.arguments[1]
  if !path.hasSuffix(".gguf") {
    let imported = try importCheckpoint(path: FilePath(path))
    print(imported.architecture, imported.parameters)
    path = CommandLine.arguments[2]
    try imported.graph.write(to: FilePath(path), ModelDescription(architecture: imported.architecture, parameters: imported.parameters, source: .init(name: imported.sourceName, sha256: imported.sourceSHA256), isStandIn: false))
    print(imported.graph.listing.split(separator: "\n").prefix(14).joined(separator: "\n"))
  }
  let model = try Model(path: FilePath(path))
  print(model.multiplyAccumulates, model.embeddingSize, model.digest)
  let pixels = selfTestPattern(height: model.image.height, width: model.image.width)
  for threads in [1, 2] { for observing in [false, true] {
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: ThreadPlan(threads), observing: observing)
    var e = try session.embed(pixels)
    var hash: UInt64 = 14695981039346656037
    for x in e { hash = (hash ^ UInt64(x.bitPattern)) &* 1099511628211 }
    let same = model.description.calibration.map { $0.selfTest.map(\.bitPattern) == e.map(\.bitPattern) }
    var best = Double.infinity
    if !observing { for _ in 0..<40 { let s = monotonicSeconds(); try session.embed(pixels, into: &e); best = min(best, monotonicSeconds() - s) } }
    print(threads, observing, String(hash, radix: 16), same.map { "\($0)" } ?? "-", best * 1000, "ms", session.activationBytes >> 10, "KiB")
  }}
}
