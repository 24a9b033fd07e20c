import FaceBank
import FaceDetection
import FaceImages
import FaceqSupport
import GraphReference
import QuantRuntime

/// Models of every precision, detectors and banks, each a few kilobytes.
@Sendable func modelSeeds() throws -> [String: [UInt8]] {
  let graph = CoveredGraph(
    name: "seed",
    listing: """
      %0 = image 8×8 rgb (x − 127.5) / 128
      %1 = convolution %0 → 8, 3×3, stride 2, padding 1, prelu  a
      %2 = convolution %1 → 8, 3×3, padding 1, depthwise, relu  b
      %3 = add %1, %2  c
      %4 = gate %3, hidden 2  d
      %5 = multiply %3, %4  e
      %6 = linear %5 → 8, 4×4  f
      %7 = normalise %6
      outputs %7
      """)
  var seeds: [String: [UInt8]] = [:]
  let source = ModelDescription.Source(name: "a.pth", sha256: "00")
  var description = ModelDescription(architecture: "seed", parameters: 7, source: source, isStandIn: true)
  seeds["float"] = try bytesWritten { path throws(FaceqError) in
    try graph.randomFloats(seed: 1).write(to: path, description)
  }
  description.calibration = ModelDescription.Calibration(
    tool: "faceq", recipe: "default", images: 1, imagesDigest: "00", floatDigest: "00",
    drift: DriftSummary(images: 1, mean: 1, median: 1, p5: 1, p1: 1, minimum: 1),
    selfTest: [Float](repeating: 0.35, count: 8))
  for precision in CoveredGraph.Precision.allCases {
    let integers = try graph.randomIntegers(precision, seed: 1)
    let described = description
    seeds[precision.rawValue] = try bytesWritten { path throws(FaceqError) in try integers.write(to: path, described) }
  }
  let packed = try Model(.int8(graph.randomIntegers(.int8, seed: 1)), description, digest: "00")
  seeds["packed"] = try bytesWritten { path throws(FaceqError) in try packed.write(packed: .eights, to: path) }
  seeds["bank"] = try bytesWritten { path throws(FaceqError) in try writeBank(to: path) }
  seeds["detector"] = try detectorSeed(description)
  return seeds
}

private func writeBank(to path: FilePath) throws(FaceqError) {
  let binding = BankBinding(modelName: "m.gguf", digest: "00", precision: "int8", embeddingSize: 8)
  let names: [PersonName] = ["Ada", "Bob", "Ada"]
  var faces: [EnrolledFace] = []
  for (index, name) in names.enumerated() {
    var embedding = [Float](repeating: 0, count: 8)
    embedding[index] = 1
    faces.append(
      EnrolledFace(
        person: name, photo: "\(index).jpg", embedding: embedding, time: index,
        picture: EnrolledPicture(jpeg: [0xff, 0xd8, 0xff, UInt8(index), 0xff, 0xd9])))
  }
  _ = try BankFile().add(faces, binding, to: path)
  _ = try BankFile().create("Eve", binding, in: path)
}

/// A detector of SCRFD's form, with random numbers.
private func detectorSeed(_ description: ModelDescription) throws(FaceqError) -> [UInt8] {
  let graph = CoveredGraph(
    name: "detector",
    listing: """
      %0 = image 32×32 rgb (x − 127.5) / 128
      %1 = convolution %0 → 4, 8×8, stride 8, relu  stem
      %2 = convolution %1 → 2, 1×1  s8
      %3 = sigmoid %2
      %4 = convolution %1 → 8, 1×1  b8
      %5 = convolution %1 → 20, 1×1  p8
      %6 = max pool %1, 2×2, stride 2
      %7 = convolution %6 → 2, 1×1  s16
      %8 = sigmoid %7
      %9 = convolution %6 → 8, 1×1  b16
      %10 = convolution %6 → 20, 1×1  p16
      outputs %3, %8, %4, %9, %5, %10
      """)
  let rule = DetectorRule(
    family: "scrfd", strides: [8, 16, 8, 16, 8, 16], multiple: 32, scoreRule: "seed", score: 0.5,
    overlap: 0.4)
  let model = DetectorModel(.float(try graph.randomFloats(seed: 1)), rule, description)
  return try bytesWritten { path throws(FaceqError) in try model.write(to: path) }
}
