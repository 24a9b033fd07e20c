import FaceImages
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// Commands with a detector that is one network.
@Suite(
  .enabled(if: hasNumPy && canDetect, Comment(rawValue: detectingNeeds + ", and python3 with numpy")))
struct NetworkDetectorCommandTests {
  let bench: Bench
  let source: NetworkDetectorSource
  let pictures: TestPictures

  init() throws {
    bench = try Workshop.shared.get().bench()
    (source, pictures) = (try #require(networkDetector), try #require(testPictures))
    try FileManager.default.createSymbolicLink(
      atPath: bench.folder("photos"), withDestinationPath: pictures.photos)
    try source.write(to: bench.folder("net.gguf"), faceq: faceqPath)
  }

  private func faceq(_ command: String) throws -> ProgramResult {
    try bench.faceq(command.split(separator: " ").map(String.init), environment: ["FACEQ_DETECTOR": "net.gguf"])
  }

  @Test func saysWhatItIs() throws {
    let text = try faceq("info net.gguf").output
    let strides = source.strides.map(String.init).joined(separator: ", ")
    #expect(text.contains("family        \(source.family)") && text.contains("strides       \(strides)"))
    let facts = try members(faceq("info net.gguf --json").output)
    #expect(facts["strides"] as? [Int] == source.strides && facts["multiple"] as? Int == 32)
  }

  @Test func findsFaces() throws {
    let result = try faceq("detect photos --json")
    #expect(result.status == 0)
    let photos = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(photos.map { ($0["faces"] as? [Any])?.count } == pictures.faces.sorted { $0.key < $1.key }.map { $0.value })
    let all = try #require(pictures.faces["office1"])
    let fewer = try faceq("detect photos/office1.jpg --score 0.9 --json").output
    #expect(fewer.components(separatedBy: "landmarks").count - 1 < all)
    let larger = try faceq("detect photos/office1.jpg --minimum-face 100 --json").output
    #expect(larger.components(separatedBy: "landmarks").count - 1 < all)
  }

  @Test func everyCommandThatTakesPhotos() throws {
    let compared = try faceq("compare photos/jf.jpg photos/face0.jpg --model se.gguf")
    #expect(compared.status == 0 && compared.output.contains("cosine"))
    #expect(try faceq("embed se.gguf photos/jf.jpg -o jf.npy").status == 0)
    #expect(try faceq("enroll people.bank Jodie photos/jf.jpg --model se.gguf").status == 0)
    #expect(try faceq("identify people.bank photos/jf.jpg --model se.gguf").output.contains("Jodie"))
    #expect(try faceq("align photos/office3.jpg -o aligned").status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder("aligned")).count >= 2)
  }

  @Test(
    .enabled(if: sharedFolder != nil || trainedDetector != nil, "needs ../shared, or MTCNN, which scripts/test makes"))
  func aBankKnowsItsDetector() throws {
    let other = sharedFolder == nil ? "mtcnn" : "scrfd"
    if let sharedFolder {
      let file = sharedFolder + "/models/onnx/scrfd_500m_kps.onnx"
      #expect(try bench.faceq("import", file, "-o", "other.gguf").status == 0)
    } else {
      try FileManager.default.createSymbolicLink(
        atPath: bench.folder("other.gguf"), withDestinationPath: #require(trainedDetector))
    }
    // Aligned faces come without a detector, so the first photo's is recorded.
    #expect(try faceq("enroll people.bank Ada face1.jpg --model se.gguf").status == 0)
    #expect(try members(faceq("bank list people.bank --json").output)["detector"] as? String == nil)
    let first = try faceq("enroll people.bank Jodie photos/jf.jpg --model se.gguf")
    #expect(first.status == 0 && !first.errors.contains("were found by"))
    let facts = try members(faceq("bank list people.bank --json").output)
    let digest = try members(faceq("info net.gguf --json").output)["digest"] as? String
    #expect(facts["detector"] as? String == source.family && facts["detector_digest"] as? String == digest)
    #expect(try faceq("bank list people.bank").output.contains("faces found by \(source.family) (digest "))

    for command in ["identify people.bank photos/jf.jpg photos/face0.jpg", "enroll people.bank Bob photos/face0.jpg"] {
      let same = try faceq("\(command) --model se.gguf")
      #expect(same.status == 0 && !same.errors.contains("were found by"))
      let result = try faceq("\(command) --model se.gguf --detector other.gguf")
      #expect(result.status == 0)
      #expect(result.errorLines.count { $0.contains("were found by \(source.family)") && $0.contains(other) } == 1)
      let aligned = try faceq("\(command.components(separatedBy: " photos")[0]) face2.jpg --model se.gguf")
      #expect(aligned.status == 0 && !aligned.errors.contains("were found by"))
    }
    #expect(try members(faceq("bank list people.bank --json").output)["detector"] as? String == source.family)
    #expect(try faceq("bank export people.bank -o board.bank").status == 0)
    #expect(try faceq("bank import copy.bank board.bank").status == 0)
    #expect(try members(faceq("bank list copy.bank --json").output)["detector"] as? String == source.family)
    #expect(try faceq("enroll other.bank Ada photos/face0.jpg --model se.gguf --detector other.gguf").status == 0)
    let mixed = try faceq("bank import other.bank board.bank")
    #expect(mixed.status == 0 && mixed.errors.contains("were found by \(other)"))
  }

  @Test func quality() throws {
    let result = try faceq("detect photos/jf.jpg --json")
    let photos = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    let face = try #require((photos[0]["faces"] as? [[String: Any]])?.first)
    let figures = try #require(face["quality"] as? [String: Any])
    let verdict = try #require(figures["verdict"] as? Double)
    #expect(verdict > 0.5 && verdict <= 1 && figures["eye_distance"] as? Double ?? 0 > 100)
    let refused = try faceq("enroll picky.bank Jodie photos/jf.jpg --model se.gguf --quality 1")
    #expect(refused.status == 1 && refused.errors.contains("of quality"))
    #expect(try faceq("enroll picky.bank Jodie photos/jf.jpg --model se.gguf --quality 2").errors.contains("0 to 1"))
  }

  @Test func wrongChoices() throws {
    let thresholds = try faceq("detect photos/jf.jpg --thresholds 0.6,0.7,0.8")
    #expect(thresholds.status == 1 && thresholds.errors.contains("--score"))
    #expect(try faceq("detect photos/jf.jpg --score 2").errors.contains("0.01 to 1"))
    let asModel = try faceq("embed net.gguf photos/jf.jpg -o jf.npy")
    #expect(asModel.status == 1 && asModel.errors.contains("is a face detector"))
    let again = try faceq("calibrate net.gguf photos -o net.gguf")
    #expect(again.status == 1 && again.errors.contains("is the input itself"))
  }

  @Test func speed() throws {
    let table = try faceq("bench net.gguf --size 64x48,160x96 --runs 2 --threads 1")
    try #require(table.status == 0, "\(table.errors)")
    #expect(
      ["64×48", "160×96"].allSatisfy { table.output.contains("| \(source.family) | \($0) | float32 |") })
    let facts = try members(faceq("bench net.gguf --size 64x48,160x96 --runs 2 --layers --json").output)
    let searches = try #require(facts["searches"] as? [[String: Any]])
    #expect(searches.map { $0["width"] as? Int } == [64, 160] && searches.map { $0["height"] as? Int } == [48, 96])
    let median = try #require(searches[0]["median_ms"] as? Double)
    #expect(median > 0 && searches[0]["min_ms"] as? Double ?? .infinity <= median)
    #expect((searches[1]["layers"] as? [[String: Any]])?.isEmpty == false)
    let layers = try faceq("bench net.gguf --runs 2 --layers --size 64x48").output
    #expect(layers.contains("Layers for 64×48") && layers.contains("direct float, "))
    for (options, word) in [
      ("net.gguf --minutes 1", "leave out --minutes"), ("net.gguf --compare se.gguf", "leave out --minutes"),
      ("net.gguf --size 64", "as in 640x360"), ("net.gguf --size 0x48", "as in 640x360"),
      ("se.gguf --size 64x48", "leave out --size"),
    ] {
      let result = try faceq("bench \(options)")
      #expect(result.status == 1 && result.errors.contains(word), "\(options): \(result.errors)")
    }
  }

  @Test func whatDetectorsHaveNone() throws {
    for (command, word) in [
      ("calibrate net.gguf photos -o new.gguf --min-cosine 0.99", "leave out --min-cosine and --report"),
      ("calibrate net.gguf photos -o new.gguf --report new.html", "leave out --min-cosine and --report"),
      ("calibrate net.gguf photos -o new.gguf --aligned", "leave out --aligned"),
      ("drift net.gguf net.gguf photos --min-cosine 0.9", "--embedder"),
      ("drift net.gguf net.gguf photos --report new.html", "leave out --report"),
      ("drift se.gguf se.int8.gguf faces --embedder se.gguf", "leave out --embedder"),
    ] {
      let result = try faceq(command)
      #expect(result.status == 1 && result.errors.contains(word), "\(command): \(result.errors)")
    }
    #expect(try bench.newFiles().isDisjoint(with: ["new.gguf", "new.html", "new.gguf.partial"]))
    #expect(try faceq("drift net.gguf net.gguf photos/jf.jpg --embedder se.gguf --min-cosine 0.9").status == 0)
    let other = try faceq(
      "drift net.gguf net.gguf photos/jf.jpg --embedder se.gguf --min-cosine 1.5")
    #expect(other.status == 1 && other.errors.contains("from -1 to 1"))
  }

  @Test func cameraUpsideDown() throws {
    let upright = try readImage(path: FilePath(pictures.heads[0]))
    try writeJPEG(upright.turned(to: .upsideDown), to: FilePath(bench.folder("turned.jpg")))
    let result = try faceq("detect turned.jpg --json")
    #expect(result.output.contains("\"upside_down\": true") && result.errors.contains("upside down"))
  }

  /// A photo of 12 megapixels is searched at half its size; faces are cut from it in full, as from a PNG, which is
  /// decoded in full.
  @Test func largePhoto() throws {
    let office = try readImage(path: FilePath(pictures.photos + "/office3.jpg"))
      .resized(width: 4000, height: 3000)
    try writeJPEG(office, to: FilePath(bench.folder("large.jpg")), quality: 98)
    try writePNG(office, to: FilePath(bench.folder("full.png")))
    func report(_ photo: String) throws -> [String: Any] {
      let output = try faceq("detect \(photo) --json").output
      return try #require((try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])?.first)
    }
    let (large, full) = (try report("large.jpg"), try report("full.png"))
    #expect(large["width"] as? Int == 4000 && large["height"] as? Int == 3000)
    let faces = try #require(large["faces"] as? [[String: Any]])
    let expected = try #require(full["faces"] as? [[String: Any]])
    try #require(faces.count == expected.count && faces.count == pictures.faces["office3"])
    for (face, expected) in zip(faces, expected) {
      for (point, expected) in zip(
        face["landmarks"] as? [[Double]] ?? [], expected["landmarks"] as? [[Double]] ?? [])
      {
        #expect(abs(point[0] - expected[0]) < 6 && abs(point[1] - expected[1]) < 6)
      }
      let quality = try #require(face["quality"] as? [String: Any])
      let wanted = try #require((expected["quality"] as? [String: Any])?["sharpness"] as? Double)
      #expect(abs(try #require(quality["sharpness"] as? Double) - wanted) < 0.1 && quality["missing"] as? Double == 0)
    }
    #expect(try faceq("detect large.jpg --draw drawn.png").status == 0)
    let drawn = try Photo(path: FilePath(bench.folder("drawn.png")))
    #expect(drawn.width == 4000 && drawn.height == 3000)
    #expect(try faceq("align large.jpg -o aligned --variations 2").status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder("aligned")).count == 3 * faces.count)
    // The largest face is the same alone and among others, although another part of the photo is decoded for it.
    #expect(try faceq("embed se.gguf large.jpg -o one.npy").status == 0)
    #expect(try faceq("embed se.gguf large.jpg -o all.npy --all-faces").status == 0)
    #expect(try faceq("embed se.gguf full.png -o full.npy").status == 0)
    let one = try bench.rows("one.npy")[0]
    #expect(cosine(one, try bench.rows("all.npy")[0]) > 0.9999)
    #expect(cosine(one, try bench.rows("full.npy")[0]) > 0.98)
  }

  /// Rounded to the nearest, which takes seconds.
  @Test func quantised() throws {
    let all = pictures.faces.values.reduce(0, +)
    let calibrated = try faceq("calibrate net.gguf photos -o net.int8.gguf --fast")
    try #require(calibrated.status == 0, "\(calibrated.errors)")
    #expect(calibrated.output.contains("precision     int8"))
    #expect(try bench.newFiles().isSuperset(of: ["net.int8.gguf"]))
    #expect(try bench.newFiles().contains("net.int8.gguf.partial") == false)
    #expect(try faceq("selftest net.int8.gguf").status == 0)
    #expect(calibrated.output.contains("found by both     \(all)"))
    let drift = try members(faceq("drift net.gguf net.int8.gguf photos --json").output)
    #expect(drift["lost"] as? Int == 0 && drift["invented"] as? Int == 0 && drift["found_by_both"] as? Int == all)
    try #expect(#require(drift["of_another_cell"] as? Int) <= 5)
    // The same bytes on one thread.
    let one = try faceq("detect photos --json --detector net.int8.gguf --threads 1").output
    #expect(try faceq("detect photos --json --detector net.int8.gguf --threads 2").output == one)
    #expect(try faceq("detect photos --json --detector net.int8.gguf --isa portable").output == one)
  }

  /// A calibration with a recipe that leaves hardly any bits says what it costs.
  @Test func warnsOfACoarseRecipe() throws {
    let recipe = "default int8 max 16.0 nearest\n"
    try recipe.write(toFile: bench.folder("coarse.recipe"), atomically: true, encoding: .utf8)
    let calibrated = try faceq("calibrate net.gguf photos -o coarse.gguf --recipe coarse.recipe")
    #expect(calibrated.status == 0 && calibrated.output.contains("lost  "))
    // CenterFace finds its faces all the same.
    let isYuNet = source.family == "yunet"
    let warning = isYuNet ? "the int8 detector loses" : "the int8 detector's outputs are not those of net.gguf any more"
    #expect(calibrated.errors.contains(warning), "\(calibrated.errors)")
  }

  /// Every fourth crop of dev_loose, which calibration has not seen.
  @Test(.enabled(if: sharedData != nil, "needs the photos of ../shared/faces/dev_loose"))
  func findsFacesThatCalibrationHasNotSeen() throws {
    let folder = (sharedData ?? "") + "/faces/dev_loose"
    let crops = try #require(FileManager.default.enumerator(atPath: folder)?.allObjects as? [String])
      .filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }.sorted()
    let some = crops.enumerated().filter { $0.offset % 4 == 0 }.map { folder + "/" + $0.element }
    try some.joined(separator: "\n").write(toFile: bench.folder("crops.txt"), atomically: true, encoding: .utf8)
    try #require(try faceq("calibrate net.gguf photos -o net.int8.gguf").status == 0)
    let drift = try members(faceq("drift net.gguf net.int8.gguf crops.txt --json").output)
    #expect(drift["lost"] as? Int == 0 && drift["invented"] as? Int == 0)
    let (both, moved) = (drift["found_by_both"] as? Int ?? 0, drift["of_another_cell"] as? Int ?? 0)
    #expect(both >= some.count * 9 / 10 && moved * 10 <= both)
    let same = try #require(drift["same_cell"] as? [String: [String: Double]])
    let error = try #require(same["landmarks_eye_distances"])
    try #expect(#require(error["median"]) <= 0.02 && #require(error["p95"]) <= 0.03)
  }
}
