import FaceqKit
import Foundation
import TestSupport
import Testing

/// No argument ends the process: each is an error of its kind, with a sentence.
@Suite(.enabled(if: canDetect, Comment(rawValue: detectingNeeds)))
struct FaceErrorTests {
  let models: Models

  init() throws { models = try Models.shared.get() }

  private func expect<Result>(
    _ kind: FaceError.Kind, _ words: String = "", _ location: SourceLocation = #_sourceLocation,
    _ body: () throws(FaceError) -> Result
  ) {
    do throws(FaceError) {
      _ = try body()
      Issue.record("nothing is wrong", sourceLocation: location)
    } catch {
      #expect(
        error.kind == kind && (words.isEmpty || error.message.contains(words)), "\(error)", sourceLocation: location)
    }
  }

  @Test func files() throws {
    expect(.unusableFile, "none.gguf") { () throws(FaceError) in try FaceModel(path: "none.gguf") }
    expect(.unusableFile) { () throws(FaceError) in try FaceModel(copying: [UInt8](repeating: 1, count: 64).span) }
    expect(.unusableFile) { () throws(FaceError) in try FaceModel(copying: [UInt8]().span) }
    expect(.unusableFile, "detector") { () throws(FaceError) in try FaceEmbedder(model: models.detector) }
    expect(.unusableFile, "embedding") { () throws(FaceError) in try FaceDetector(path: models.model) }
    let detector = try FaceModel(path: models.detector)
    let model = try FaceModel(path: models.model)
    expect(.invalidArgument) { () throws(FaceError) in try FaceBank(path: "none.bank", model: detector) }
    expect(.unusableFile) { () throws(FaceError) in try FaceBank(path: models.model, model: model) }
    expect(.notOpen, "self-test") { () throws(FaceError) in try FaceEmbedder(model: model, threads: 1).selfTest() }
  }

  @Test func machines() throws {
    for threads in [0, -1, 257, Int.max, Int.min] {
      expect(.invalidArgument) { () throws(FaceError) in try FaceEmbedder(model: models.model, threads: threads) }
    }
    expect(.unsupported, "sse") { () throws(FaceError) in
      try FaceDetector(path: models.detector, instructionSet: "sse")
    }
    #expect(FaceEmbedder.availableInstructionSets.first == "portable")
  }

  @Test func pictures() throws {
    expect(.unusablePicture, "none.jpg") { () throws(FaceError) in try FacePicture(path: "none.jpg") }
    expect(.unusablePicture) { () throws(FaceError) in try FacePicture(encoded: [1, 2, 3].span) }
    expect(.unusablePicture) { () throws(FaceError) in try FacePicture(encoded: [UInt8]().span) }
    let bytes = [UInt8](repeating: 0, count: 12)
    for (width, height, row) in [
      (0, 1, nil), (1, -1, nil), (2, 2, 5), (2, 2, -6), (2, 2, 7), (3, 2, nil), (Int.max, Int.max, nil),
      (2, 2, Int.max), (1, 1, Int.min),
    ] as [(Int, Int, Int?)] {
      expect(.invalidArgument) { () throws(FaceError) in
        try FacePicture(pixels: bytes.span, width: width, height: height, format: .rgb, bytesPerRow: row)
      }
    }
    expect(.invalidArgument) { () throws(FaceError) in
      try FacePicture(pixels: [UInt8]().span, width: 1, height: 1, format: .grey)
    }
    let small = try FacePicture(pixels: bytes.span, width: 2, height: 2, format: .rgb)
    let embedder = try FaceEmbedder(model: models.model, threads: 1)
    expect(.unusablePicture, "112×112") { () throws(FaceError) in try embedder.embed(small) }
    let analysis = try FaceAnalysis(model: models.model, detector: models.detector, threads: 1)
    expect(.noFace) { () throws(FaceError) in try analysis.embedding(of: small) }
    #expect(try analysis.faces(in: small).isEmpty)
    let face = try #require(try analysis.faces(in: FacePicture(path: models.photos + "/jf.jpg")).first)
    for side in [0, 15, 1025, Int.max] {
      expect(.invalidArgument) { () throws(FaceError) in try small.aligned(face, side: side) }
    }
    var odd = face
    odd.landmarks = []
    expect(.invalidArgument) { () throws(FaceError) in try small.aligned(odd) }
    odd.landmarks = [Face.Point](repeating: Face.Point(x: .nan, y: 0), count: 5)
    expect(.invalidArgument) { () throws(FaceError) in try small.aligned(odd) }
    odd.landmarks = face.landmarks.map { Face.Point(x: $0.x * 1e20, y: $0.y * 1e20) }
    expect(.invalidArgument) { () throws(FaceError) in try small.aligned(odd) }
    odd.landmarks = face.landmarks.map { Face.Point(x: $0.x + 1e6, y: $0.y) }
    #expect(try small.aligned(odd).pixels.allSatisfy { $0 == 0 })
  }

  @Test func settings() throws {
    let analysis = try FaceAnalysis(model: models.model, detector: models.detector, threads: 1)
    let photo = try FacePicture(path: models.photos + "/jf.jpg")
    let changes: [(inout FaceSettings) -> Void] = [
      { $0.minimumFace = 11 }, { $0.minimumFace = .max }, { $0.score = 0 }, { $0.score = .nan }, { $0.overlap = 2 },
      { $0.thresholds = [0.5] }, { $0.thresholds = [0.6, 0.7, 0.8] }, { $0.quality = -1 },
    ]
    for change in changes {
      var settings = FaceSettings()
      change(&settings)
      expect(.invalidArgument) { () throws(FaceError) in try analysis.faces(in: photo, settings: settings) }
      expect(.invalidArgument) { () throws(FaceError) in try analysis.embedding(of: photo, settings: settings) }
    }
    var strict = FaceSettings()
    strict.quality = 1
    expect(.noFace, "quality") { () throws(FaceError) in try analysis.embedding(of: photo, settings: strict) }
    #expect(try analysis.faces(in: photo, settings: strict).first?.fault == .poor)
    var aligned = FaceSettings()
    aligned.reading = .aligned
    expect(.unusablePicture) { () throws(FaceError) in try analysis.faces(in: photo, settings: aligned) }
  }

  @Test func banksAndEmbeddings() throws {
    let model = try FaceModel(path: models.model)
    let bank = try FaceBank(path: models.folder("none.bank"), model: model)
    var unit = [Float](repeating: 0, count: 128)
    unit[3] = 1
    for embedding in [[], [1], [Float](repeating: 0, count: 128), [Float](repeating: .nan, count: 128)] {
      expect(.invalidArgument) { () throws(FaceError) in try bank.enrol("Ada", embedding: embedding) }
      expect(.invalidArgument) { () throws(FaceError) in try bank.identify(embedding) }
    }
    for name in ["", "a\nb", String(repeating: "x", count: 201)] {
      expect(.invalidArgument, "name") { () throws(FaceError) in try bank.enrol(name, embedding: unit) }
    }
    let nowhere = try FaceBank(path: "/none/people.bank", model: model)
    try nowhere.enrol("Ada", embedding: unit)
    expect(.unusableFile, "/none") { () throws(FaceError) in try nowhere.save() }
    expect(.invalidArgument) { () throws(FaceError) in try FaceEmbedder.compare([1], [1, 0]) }
  }
}
