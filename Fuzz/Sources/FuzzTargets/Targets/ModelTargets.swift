import FaceBank
import FaceDetection
import FaceImages
import FaceqSupport
import GraphReference
import QuantRuntime

let modelTargets = [
  FuzzTarget(
    "gguf", "a model, detector or bank, its sums set right; what is accepted is run", seeds: modelSeeds,
    run: { read(repairedGGUF($0)) }),
  FuzzTarget(
    "gguf-raw", "a model, detector or bank as it is", seeds: modelSeeds, run: { read(Array($0)) }),
  FuzzTarget(
    "model", "a listing, of which a model of any precision is made and then patched in its numbers",
    seeds: listingSeeds, run: runPatchedModel),
]

private let input = InputFile()

private func read(_ bytes: [UInt8]) {
  expectSentence { () throws(FaceqError) in
    guard bytes.count < 1 << 22 else { return }
    let file = try GGUFFile(memoryFile(bytes))
    if DetectorFile.isDetector(file) {
      try runDetector(try DetectorFile(file))
    } else if file.value("faceq.bank.version") != nil {
      try useBank(input.holding(bytes))
    } else {
      try runModel(try Model(file))
    }
  }
}

private func runModel(_ model: Model) throws(FaceqError) {
  guard try Bounds.allow(model.topology) else { return }
  let session = try EmbeddingSession(model, kernels: fuzzKernels, threads: 1)
  let embedding = try session.embed(somePixels(model.image), flip: true)
  precondition(embedding.count == model.embeddingSize && embedding.allSatisfy { $0.isFinite })
}

private func runDetector(_ file: DetectorFile) throws(FaceqError) {
  switch file {
  case .cascade(let cascade):
    for network in DetectorNetwork.allCases {
      guard try Bounds.allow(cascade.graph(network)) else { return }
    }
  case .network(let model):
    guard model.topology.nodes.count < 60, try Bounds.allow(model.topology) else { return }
    var topology = model.topology
    var image = try topology.image
    (image.height, image.width) = (96, 96)
    topology.nodes[0].operation = .image(image)
    guard try Bounds.allow(topology) else { return }
  }
  let detector = try FaceDetector(file, kernels: fuzzKernels)
  let picture = RGBImage(
    width: 40, height: 32, pixels: somePixels(ImageFormat(height: 32, width: 40, channels: .rgb)))
  for face in try detector.faces(in: picture, settings: SearchSettings(score: 0.1)) {
    precondition(face.score.isFinite)
    if face.landmarks.count == 5 { _ = try? alignFace(picture, landmarks: face.landmarks) }
  }
}

private func useBank(_ path: FilePath) throws(FaceqError) {
  guard let bank = try BankFile().bank(at: path) else { return }
  for face in bank.faces { _ = face.picture?.bytes }
  let size = bank.binding.embeddingSize
  guard size * bank.faces.count < Bounds.values, size < 4096 else { return }
  var query = [Float](repeating: 0, count: size)
  query[0] = 1
  let search = PersonSearch(bank, kernels: fuzzKernels)
  _ = search.nearest(query, count: 3)
}

/// The first byte is the precision, the second how many patches follow, a place in the file and a byte each, and which
/// tensor is the file's last.
private func runPatchedModel(_ bytes: UnsafeRawBufferPointer) {
  var reader = InputReader(bytes)
  let kind = reader.byte() % 5
  let choice = reader.byte()
  let patches = (0..<Int(choice % 16)).map { _ in (place: reader.integer(3), byte: reader.byte()) }
  let covered = CoveredGraph(name: "fuzzed", listing: String(decoding: reader.bytes, as: UTF8.self))
  expectSentence { () throws(FaceqError) in
    guard try Bounds.allow(Graph<Never>(listing: covered.listing)) else { return }
    let description = ModelDescription(
      architecture: "fuzzed", parameters: 0, source: ModelDescription.Source(name: "", sha256: ""), isStandIn: true)
    var file = try bytesWritten { path throws(FaceqError) in
      switch kind {
      case 0: try covered.randomFloats(seed: 1).write(to: path, description)
      case 1: try covered.randomIntegers(.int8, seed: 1).write(to: path, description)
      case 2: try covered.randomIntegers(.mixed, seed: 1).write(to: path, description)
      case 3: try covered.randomIntegers(.int16, seed: 1).write(to: path, description)
      default: try covered.randomIntegers(.int8, seed: 1).packed(.eights).write(to: path, description)
      }
    }
    file = try turned(file, by: Int(choice >> 4))
    for patch in patches { file[patch.place % file.count] = patch.byte }
    let sealed = file.withUnsafeBytes { repairedGGUF($0) }
    switch try ModelReader(GGUFFile(memoryFile(sealed))).network() {
    case .float(let graph): try run(graph)
    case .int8(let graph): try run(graph)
    }
  }
}

/// The file with so many of its first tensors behind the others.
private func turned(_ bytes: [UInt8], by count: Int) throws(FaceqError) -> [UInt8] {
  guard count > 0 else { return bytes }
  let file = try GGUFFile(memoryFile(bytes))
  var writer = GGUFWriter()
  for (key, value) in file.metadata where !key.hasPrefix("faceq.checksum") && key != "general.alignment" {
    writer.set(key, value)
  }
  let first = count % max(file.tensors.count, 1)
  for tensor in file.tensors[first...] + file.tensors[..<first] {
    switch tensor.type {
    case .int8: writer.add(tensor.name, dimensions: tensor.dimensions, try tensor.elements(as: Int8.self))
    case .int16: writer.add(tensor.name, dimensions: tensor.dimensions, try tensor.elements(as: Int16.self))
    case .int32: writer.add(tensor.name, dimensions: tensor.dimensions, try tensor.elements(as: Int32.self))
    default: writer.add(tensor.name, dimensions: tensor.dimensions, try tensor.elements(as: Float.self))
    }
  }
  return try bytesWritten { path throws(FaceqError) in try writer.write(to: path) }
}
