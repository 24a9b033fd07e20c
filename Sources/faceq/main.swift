import Calibrate
import Checkpoint
import FaceImages
import Foundation
import QuantRuntime

struct Folder: FaceSource {
  let paths: [String]
  var count: Int { paths.count }
  func pixels(_ index: Int) throws(FaceqError) -> [UInt8] { try readImage(path: paths[index]).pixels }
}

let arguments = CommandLine.arguments
do {
  let model = try Model(path: arguments[1])
  let faces = Folder(paths: try imagePaths(in: arguments[2]))
  let table = try kernels(nil)
  let session = try EmbeddingSession(model, kernels: table, threads: 2, observing: true)
  let held = try heldBackImages(of: faces.count, seed: 1)
  let start = monotonicSeconds()
  let rangeSearch: any RangeSearch = ProcessInfo.processInfo.environment["P"] == "mse" ? MinimumErrorRange() : PercentileRange(percentile: Double(ProcessInfo.processInfo.environment["P"]!)!)
  
  let network = try calibrate(
    model, faces: faces, heldBack: held, recipe: CalibrationRecipe(range: rangeSearch), session: session
  ) { _, _, _ in }
  print("calibrated in", monotonicSeconds() - start)
  try network.write(
    to: arguments[3],
    ModelDescription(architecture: "x", parameters: 1, source: .init(name: "", sha256: ""), isStandIn: false))
  let int8 = try Model(path: arguments[3])
  let dev = Folder(paths: try imagePaths(in: arguments[4]))
  let float = try EmbeddingSession(model, kernels: table, threads: 2)
  let q = try EmbeddingSession(int8, kernels: table, threads: 2)
  var cosines: [Float] = []
  for i in 0..<dev.count {
    let p = try dev.pixels(i)
    cosines.append(zip(float.embed(p), q.embed(p)).map { $0 * $1 }.reduce(0, +))
  }
  cosines.sort()
  print("mean", cosines.reduce(0, +) / Float(cosines.count), "min", cosines[0], "p5", cosines[cosines.count / 20])
  let p = try dev.pixels(3)
  var reference: [Float] = []
  for set in availableInstructionSets() {
    for threads in [1, 2, 3] {
      let s = try EmbeddingSession(int8, kernels: kernelTable(set), threads: threads)
      let e = s.embed(p)
      if reference.isEmpty { reference = e }
      let t = monotonicSeconds()
      for _ in 0..<5 { _ = s.embed(p) }
      print(set, threads, e == reference, (monotonicSeconds() - t) / 5 * 1000, "ms")
    }
  }
} catch {
  print(error)
}
