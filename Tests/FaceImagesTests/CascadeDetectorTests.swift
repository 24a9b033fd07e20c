import FaceDetection
import FaceImages
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

@Suite(
  .enabled(
    if: trainedDetector != nil && testPictures != nil,
    "needs MTCNN, and ../shared or photos; scripts/test fetches both"))
struct CascadeDetectorTests {
  @Test(
    .enabled(if: sharedFolder != nil, "needs ../shared/photos"), arguments: referenceFaces.keys.sorted(), [1, 3])
  func facesAreThoseOfThePublishedCode(photo: String, threads: Int) throws {
    let detector = try FaceDetector(
      path: FilePath(trainedDetector ?? ""), kernels: kernels(nil), threads: ThreadPlan(threads))
    let faces = try detector.faces(in: readImage(path: FilePath(photos + "/\(photo).jpg")))
    let wanted = try #require(referenceFaces[photo])
    #expect(faces.count == wanted.count)
    for answer in wanted {
      // Rounded to 0.1 pixels.
      #expect(
        faces.contains { face in
          // The published code counts the sides of boxes from 1.
          let box = [face.box.left, face.box.top, face.box.right, face.box.bottom].map { $0 + 1 }
          let points = face.landmarks.flatMap { [$0.x, $0.y] }
          return zip(box, answer).allSatisfy { abs($0 - $1) < 0.2 }
            && points.count == 10 && zip(points, answer.dropFirst(4)).allSatisfy { abs($0 - $1) < 0.2 }
        }, "\(answer)")
    }
  }

  @Test(arguments: availableInstructionSets().map(\.rawValue))
  func everyInstructionSet(isa: String) throws {
    let detector = try FaceDetector(path: FilePath(trainedDetector ?? ""), kernels: kernels(isa))
    let faces = try detector.faces(in: readImage(path: FilePath(photos + "/office3.jpg")))
    #expect(faces.count == 3)
  }

  @Test func noFacesInPatterns() throws {
    let detector = try FaceDetector(path: FilePath(trainedDetector ?? ""), kernels: kernels(nil))
    #expect(try detector.faces(in: .pattern(width: 200, height: 150)).isEmpty)
    #expect(try detector.faces(in: .pattern(width: 1, height: 1)).isEmpty)
    let grey = RGBImage(width: 3000, height: 30, pixels: Array(repeating: 128, count: 3000 * 30 * 3))
    #expect(try detector.faces(in: grey).isEmpty)
  }
}

struct DetectorFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Weights without meaning.
  private func detector() throws -> DetectorCascade {
    var detector = DetectorCascade()
    var value: Float = 0
    func next() -> Float {
      value = (value * 1.7 + 0.31).truncatingRemainder(dividingBy: 1)
      return value - 0.5
    }
    let listings: [(DetectorNetwork, String)] = [
      (
        .proposal,
        """
        %0 = image 12×12 rgb (x − 127.5) / 128
        %1 = convolution %0 → 10, 3×3, prelu  pnet.0
        %2 = max pool %1, 2×2, stride 2, ceil
        %3 = convolution %2 → 6, 5×5  pnet.1
        outputs %3
        """
      ),
      (
        .refinement,
        """
        %0 = image 24×24 rgb (x − 127.5) / 128
        %1 = convolution %0 → 28, 3×3, stride 2, prelu  rnet.0
        %2 = convolution %1 → 6, 11×11  rnet.1
        outputs %2
        """
      ),
      (
        .output,
        """
        %0 = image 48×48 rgb (x − 127.5) / 128
        %1 = convolution %0 → 32, 3×3, stride 4, prelu  onet.0
        %2 = convolution %1 → 16, 12×12  onet.1
        outputs %2
        """
      ),
    ]
    for (network, listing) in listings {
      let graph = try Graph<Never>(listing: listing).floatLayers { _, tensor in
        (0..<tensor.count).map { _ in next() * (tensor.name == "weight" ? 0.1 : 1) }
      }
      detector.set(network, graph, source: .init(name: network.rawValue + ".pt", sha256: "00"))
    }
    return detector
  }

  @Test func comesBackAsItWas() throws {
    let path = folder.path + "/mtcnn.gguf"
    let written = try detector()
    try written.write(to: FilePath(path))
    guard case .cascade(let read) = try DetectorFile(path: FilePath(path)) else {
      Issue.record("another kind of detector came back")
      return
    }
    for network in DetectorNetwork.allCases { #expect(read.graph(network) == written.graph(network)) }
    _ = try FaceDetector(path: FilePath(path), kernels: kernels(nil), threads: 2).faces(
      in: .pattern(width: 60, height: 50))
  }

  @Test func everyDamageIsAnError() throws {
    let path = folder.path + "/mtcnn.gguf"
    try detector().write(to: FilePath(path))
    let whole = try bytes(of: path)
    for count in stride(from: 0, to: whole.count, by: 4_009) {
      let cut = try folder.write("cut.gguf", Array(whole[..<count]))
      #expect(
        failure { () throws(FaceqError) in try FaceDetector(path: FilePath(cut), kernels: kernels(nil)) }?.contains(cut)
          == true)
    }
    for position in stride(from: 3, to: whole.count, by: 4_009) {
      var damaged = whole
      damaged[position] ^= 0x10
      let flipped = try folder.write("flipped.gguf", damaged)
      #expect(
        failure { () throws(FaceqError) in try FaceDetector(path: FilePath(flipped), kernels: kernels(nil)) }?.contains(
          flipped) == true)
    }
  }

  @Test func otherFilesAreRefused() throws {
    let path = folder.path + "/mtcnn.gguf"
    try detector().write(to: FilePath(path))
    let asModel = failure { () throws(FaceqError) in try Model(path: FilePath(path)) }
    #expect(asModel?.contains("is a face detector") == true)
    var other = GGUFWriter()
    other.set("general.architecture", .string("faceq"))
    other.add("x", dimensions: [1], [Float(1)])
    let otherPath = folder.path + "/other.gguf"
    try other.write(to: FilePath(otherPath))
    let asDetector = failure { () throws(FaceqError) in
      try FaceDetector(path: FilePath(otherPath), kernels: kernels(nil))
    }
    #expect(asDetector?.contains("is not a face detector") == true)
    let missing = failure { () throws(FaceqError) in
      try FaceDetector(path: FilePath(folder.path + "/none.gguf"), kernels: kernels(nil))
    }
    #expect(missing?.contains("none.gguf") == true)
  }
}
