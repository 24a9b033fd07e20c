import FaceqKit
import FaceqSupport
import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: canDetect, Comment(rawValue: detectingNeeds)))
struct FaceAnalysisTests {
  let models: Models

  init() throws { models = try Models.shared.get() }

  private func analysis(threads: Int = 1) throws -> FaceAnalysis {
    try FaceAnalysis(model: models.model, detector: models.detector, threads: threads)
  }

  @Test func embeddingsAreTheCommands() throws {
    let paths = ["1", "2", "3", "4"].map { "\(models.photos)/office\($0).jpg" } + [models.pictures.aligned[0]]
    let rows = models.folder("rows.npy")
    let result = try runProgram(
      program("faceq"), ["embed", models.model] + paths + ["-o", rows, "--detector", models.detector])
    #expect(result.status == 0)
    let (shape, values) = try readNPY(path: FilePath(rows))
    #expect(shape == [5, 128])
    for threads in [1, 2] {
      let embeddings = try analysis(threads: threads).embeddings(ofPhotosAt: paths).map { try $0.get() }
      #expect(embeddings.flatMap { $0 } == values)
    }
    let alone = try analysis().embedding(of: FacePicture(path: paths[1]))
    #expect(alone == Array(values[128..<256]))
  }

  @Test func facesHaveAllThatTheyPromise() throws {
    let analysis = try analysis()
    let picture = try FacePicture(path: models.photos + "/office3.jpg")
    let faces = try analysis.faces(in: picture)
    #expect(faces.count > 2)
    for face in faces {
      #expect(face.landmarks.count == 5 && (0...1).contains(face.score) && (0...1).contains(face.quality))
      #expect(face.box.left < face.box.right && face.box.top < face.box.bottom)
      #expect((face.embedding == nil) == (face.fault != nil))
    }
    let areas = faces.map { ($0.box.right - $0.box.left) * ($0.box.bottom - $0.box.top) }
    #expect(areas[0] == areas.max())
    let byHand = try FaceEmbedder(model: models.model, threads: 1).embed(picture.aligned(faces[0]))
    #expect(byHand == faces[0].embedding)
    let detector = try FaceDetector(path: models.detector, threads: 1)
    #expect(try detector.faces(in: picture).map { $0.box } == faces.map { $0.box })
  }

  @Test func formatsAndRowsMakeNoDifference() throws {
    let analysis = try analysis()
    let photo = try FacePicture(path: models.photos + "/jf.jpg")
    let pixels = try photo.pixels
    let expected = try analysis.embedding(of: photo)
    let (width, height) = (photo.width, photo.height)
    for format in [FacePicture.Format.rgb, .bgr, .rgba, .bgra] {
      let rowBytes = width * format.bytesPerPixel + 3
      var bytes = [UInt8](repeating: 9, count: rowBytes * height)
      for pixel in 0..<width * height {
        let place = pixel / width * rowBytes + pixel % width * format.bytesPerPixel
        let isReversed = format == .bgr || format == .bgra
        for channel in 0..<3 { bytes[place + (isReversed ? 2 - channel : channel)] = pixels[3 * pixel + channel] }
      }
      let picture = try FacePicture(
        pixels: bytes.span, width: width, height: height, format: format, bytesPerRow: rowBytes)
      #expect(try picture.pixels == pixels)
      #expect(try analysis.embedding(of: picture) == expected)
    }
    let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: models.photos + "/jf.jpg")))
    #expect(try FacePicture(encoded: file.span).pixels == pixels)
    let grey = try FacePicture(pixels: [7, 9].span, width: 2, height: 1, format: .grey)
    #expect(try grey.pixels == [7, 7, 7, 9, 9, 9])
  }

  @Test func aModelInMemoryIsThatOfTheFile() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: models.model)))
    let model = try FaceModel(copying: bytes.span)
    let face = try FacePicture(path: models.pictures.aligned[0])
    let (fromMemory, fromFile) = (
      try FaceEmbedder(model: model, threads: 1), try FaceEmbedder(model: models.model, threads: 1)
    )
    #expect(try fromMemory.embed(face) == fromFile.embed(face))
    #expect(model.digest == fromFile.model.digest && model.embeddingSize == 128 && model.faceWidth == 112)
  }

  @Test func banksTellPeopleApart() throws {
    let model = try FaceModel(path: models.model)
    let embedder = try FaceEmbedder(model: model, threads: 1)
    let embeddings = try models.pictures.aligned.map { try embedder.embed(FacePicture(path: $0)) }
    let other = try analysis().embedding(of: FacePicture(path: models.photos + "/jf.jpg"))
    let path = models.folder("people.bank")
    let bank = try FaceBank(path: path, model: model)
    #expect(try bank.identify(other).nearest == nil)
    #expect(try bank.enrol("Al", embedding: embeddings[0]))
    #expect(try !bank.enrol("Al", embedding: embeddings[0]))
    try bank.enrol("Josephine", embedding: other)
    try bank.save()
    let read = try FaceBank(path: path, model: model)
    let match = try read.identify(embeddings[1])
    #expect(match.nearest?.person == "Al" && match.runnerUp?.person == "Josephine")
    #expect(try read.remove("Al") == 1)
    #expect(read.people.map { $0.name } == ["Josephine"])
  }
}
