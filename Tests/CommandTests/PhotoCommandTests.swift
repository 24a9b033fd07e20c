import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// Commands that take photos, from end to end.
@Suite(
  .enabled(
    if: hasNumPy && testPictures != nil && trainedDetector != nil,
    "needs python3 with numpy, ../shared or photos, and MTCNN; scripts/test fetches the last two"))
struct PhotoCommandTests {
  let bench: Bench

  init() throws {
    bench = try Workshop.shared.get().bench()
    let photos = try #require(testPictures).photos
    for photo in ["jf", "office2", "office3", "office5"] {
      try FileManager.default.createSymbolicLink(
        atPath: bench.folder("\(photo).jpg"), withDestinationPath: photos + "/\(photo).jpg")
    }
    try writePNG(bench.folder("grey.png"), width: 300, height: 200)
    try writePNG(bench.folder("dot.png"), width: 1, height: 1)
    // A header that promises 1.2 GB.
    var huge = try bench.folder.bytes("grey.png")
    huge.replaceSubrange(16..<24, with: [0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20])
    huge.replaceSubrange(29..<33, with: crc32(huge[12..<29]))
    try bench.folder.write(huge, to: "huge.png")
  }

  private func faceq(_ command: String) throws -> ProgramResult {
    try bench.faceq(
      command.split(separator: " ").map(String.init), environment: ["FACEQ_DETECTOR": trainedDetector ?? ""])
  }

  @Test func detectInArgumentOrder() throws {
    let result = try faceq("detect office3.jpg jf.jpg --json")
    #expect(result.status == 0 && result.errors == "")
    let photos = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(photos.map { $0["path"] as? String } == ["office3.jpg", "jf.jpg"])
    let faces = photos.map { $0["faces"] as? [[String: Any]] ?? [] }
    #expect(faces.map(\.count) == [3, 1])
    for face in faces.joined() {
      #expect((face["box"] as? [Double])?.count == 4)
      #expect((face["landmarks"] as? [[Double]])?.map(\.count) == [2, 2, 2, 2, 2])
      #expect((face["score"] as? Double ?? 0) > 0.8)
    }
    let areas = faces[0].map { face in
      let box = face["box"] as? [Double] ?? [0, 0, 0, 0]
      return (box[2] - box[0]) * (box[3] - box[1])
    }
    #expect(areas == areas.sorted(by: >))
  }

  @Test func drawing() throws {
    #expect(try faceq("detect office3.jpg --draw found.png").status == 0)
    // What is drawn may itself look a little like a face.
    #expect(try faceq("detect found.png --thresholds 0.6,0.7,0.9").output.contains("3 faces"))
    let two = try faceq("detect office3.jpg jf.jpg --draw both.png")
    #expect(two.status == 1 && two.errors.contains("name one photo"))
    let own = try faceq("detect office3.jpg --draw office3.jpg")
    #expect(own.status == 1 && own.errors.contains("is the input itself"))
  }

  @Test func thresholdsAndSizes() throws {
    #expect(try faceq("detect office5.jpg --minimum-face 120").status == 1)
    let json = try JSONSerialization.jsonObject(with: Data(try faceq("detect office3.jpg --json").output.utf8))
    let faces = try #require((json as? [[String: Any]])?.first?["faces"] as? [[String: Any]])
    let scores = faces.compactMap { $0["score"] as? Double }.sorted()
    try #require(scores.count == 3)
    let between = (scores[0] + scores[1]) / 2
    #expect(try faceq("detect office3.jpg --thresholds 0.6,0.7,\(between)").output.contains("office3.jpg: 2 faces,"))
    for wrong in ["--thresholds 0.6,0.7,1.5", "--thresholds 0,0,0", "--minimum-face 0", "--minimum-face 1"] {
      let result = try faceq("detect office3.jpg " + wrong)
      #expect(result.status == 1 && result.errorLines.count == 1)
    }
    #expect(try faceq("detect office3.jpg --thresholds 0.6,0.7").status == 64)
    #expect(try faceq("detect office3.jpg --thresholds a,b,c").status == 64)
  }

  @Test func alignEveryFace() throws {
    let result = try faceq("align office3.jpg office5.jpg -o faces.out --variations 2")
    #expect(result.status == 0)
    #expect(result.errors.contains("too small"))
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder("faces.out"))
    #expect(names.filter { $0.hasPrefix("office3-") }.count == 9)
    #expect(names.contains("office3-1.png") && names.contains("office3-1-v02.png"))
    #expect(try faceq("embed se.gguf faces.out --aligned -o rows.npy").status == 0)
    #expect(try bench.rows("rows.npy").count == names.count)
    // The same again, byte for byte; and nothing is replaced.
    #expect(try faceq("align office3.jpg -o again --variations 2").status == 0)
    for name in ["office3-1.png", "office3-1-v02.png", "office3-3-v01.png"] {
      #expect(try bench.folder.bytes("again/" + name) == bench.folder.bytes("faces.out/" + name))
    }
    let refused = try faceq("align office3.jpg -o again")
    #expect(refused.status == 1 && refused.errors.contains("is there already"))
  }

  @Test func alignKeepsFolders() throws {
    for name in ["ada", "bob/x"] {
      try FileManager.default.createDirectory(atPath: bench.folder("per/\(name)"), withIntermediateDirectories: true)
      try bench.folder.write(try bench.folder.bytes("jf.jpg"), to: "per/\(name)/1.jpg")
    }
    let expected: Set = ["ada", "ada/1-1.png", "bob", "bob/x", "bob/x/1-1.png"]
    for (index, photos) in [["per"], ["per/ada", "per/bob"], ["per/ada/1.jpg", "./per/bob/x/1.jpg"]].enumerated() {
      let result = try faceq("align \(photos.joined(separator: " ")) -o out\(index)")
      #expect(result.status == 0 && result.errors == "" && result.output.contains("2 faces of 2 photos"))
      #expect(Set(try FileManager.default.subpathsOfDirectory(atPath: bench.folder("out\(index)"))) == expected)
    }
    // Nothing leads out of the output.
    try bench.folder.write("per/../per/ada/1.jpg\n".utf8, to: "list.txt")
    #expect(try faceq("align --list list.txt -o listed").status == 0)
    #expect(FileManager.default.fileExists(atPath: bench.folder("listed/per/per/ada/1-1.png")))
    // One name for two photos: said, and counted.
    try bench.folder.write(try bench.folder.bytes("jf.jpg"), to: "per/ada/1.jpeg")
    let clash = try faceq("align per -o clash")
    #expect(clash.status == 0 && clash.errors.contains("clash/ada/1-1.png is there already"))
    #expect(clash.errorLines.last == "faceq: 1 of 3 images was skipped")
    #expect(try faceq("align per -o strict --strict").status == 1)
    #expect(!FileManager.default.fileExists(atPath: bench.folder("strict")))
  }

  @Test func alignByLandmarks() throws {
    let json = try JSONSerialization.jsonObject(with: Data(try faceq("detect jf.jpg --json").output.utf8))
    let face = try #require(((json as? [[String: Any]])?.first?["faces"] as? [[String: Any]])?.first)
    let points = try #require(face["landmarks"] as? [[Double]]).flatMap { $0 }.map { "\($0)" }.joined(separator: ",")
    #expect(try faceq("align jf.jpg -o detected").status == 0)
    let given = try bench.faceq(["align", "jf.jpg", "-o", "given", "--landmarks", points])
    #expect(given.status == 0, "needs no detector")
    for folder in ["detected", "given"] {
      #expect(try faceq("embed se.gguf \(folder)/jf-1.png -o \(folder).npy").status == 0)
    }
    #expect(cosine(try bench.rows("detected.npy")[0], try bench.rows("given.npy")[0]) > 0.999)
    let upsideDown = try bench.faceq([
      "align", "jf.jpg", "-o", "bad", "--landmarks", "200,400,300,400,250,350,210,300,290,300",
    ])
    #expect(upsideDown.status == 1 && upsideDown.errors.contains("upside down"))
    #expect(try bench.faceq(["align", "jf.jpg", "-o", "bad", "--landmarks", "1,2,3"]).status == 64)
    #expect(try faceq("align jf.jpg office3.jpg -o bad --landmarks \(points)").status == 1)
  }

  @Test func photosWhereverFacesAreTaken() throws {
    #expect(try faceq("align jf.jpg -o faces.out").status == 0)
    let compared = try faceq("compare --model se.gguf jf.jpg faces.out/jf-1.png face1.jpg --json --threshold 0.99")
    let pairs = try #require(try members(compared.output)["pairs"] as? [[String: Any]])
    #expect(pairs.map { $0["cosine"] as? Double }[0] == 1, "the aligned photo is the aligned face")
    #expect(pairs.map { $0["same"] as? Bool } == [true, false, false])
    let several = try faceq("compare --model se.gguf jf.jpg office3.jpg --threshold 0.2")
    #expect(several.errors == "faceq: office3.jpg shows 3 faces; the largest is taken\n")
    #expect(several.output.contains("same") || several.output.contains("different"))
    #expect(try faceq("drift se.gguf se.int8.gguf jf.jpg").status == 0)

    let all = try members(try faceq("embed se.gguf office3.jpg --all-faces --json").output)
    let embeddings = try #require(all["embeddings"] as? [[String: Any]])
    #expect(embeddings.map { $0["face"] as? Int } == [1, 2, 3])

    let insisted = try faceq("embed se.gguf jf.jpg --aligned")
    #expect(insisted.status == 1 && insisted.errors.contains("jf.jpg is 487×620") && insisted.errorLines.count == 1)
    #expect(try faceq("compare --model se.gguf jf.jpg face1.jpg --threshold 1.5").status == 1)
  }

  @Test func banksOfPhotos() throws {
    #expect(try faceq("enroll people.bank Ada jf.jpg --model se.gguf").status == 0)
    let result = try faceq(
      "identify people.bank office3.jpg jf.jpg --model se.gguf --all-faces --json --threshold 0.999")
    let rows = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    #expect(rows.map { $0["face"] as? Int } == [1, 2, 3, 1])
    #expect(rows.map { $0["person"] as? String } == [nil, nil, nil, "Ada"])
    let nobody = try faceq("enroll people.bank Eve grey.png --model se.gguf")
    #expect(nobody.status == 1 && nobody.errors.contains("grey.png shows no face"))
  }

  /// Calibrates on photos of which one shows nobody.
  @Test func calibrateOnPhotos() throws {
    let aligned = try faceq("calibrate se.gguf faces jf.jpg grey.png -o photos.gguf")
    #expect(aligned.status == 0)
    #expect(aligned.errors.contains("grey.png shows no face") && aligned.errors.contains("1 of 50 images was skipped"))
  }

  /// One clear line and a status of 1 where nothing could be done.
  @Test(arguments: ["grey.png", "dot.png", "huge.png", "cut.jpg", "none.jpg", "se.gguf"])
  func badPhotos(photo: String) throws {
    let commands = [
      "detect PHOTO", "detect PHOTO --json", "align PHOTO -o new", "embed se.gguf PHOTO -o new.npy",
      "embed se.gguf PHOTO --all-faces", "compare --model se.gguf face1.jpg PHOTO",
      "calibrate se.gguf PHOTO -o new.gguf",
      "drift se.gguf se.int8.gguf PHOTO",
    ]
    for command in commands {
      let result = try faceq(command.replacing("PHOTO", with: photo))
      #expect(result.status == 1, "\(command)")
      #expect(result.errors.contains(photo), "\(command)")
      #expect((1...2).contains(result.errorLines.count), "\(command): \(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: bench.folder("new.npy")))
    }
  }

  /// What can be done is done; what cannot is named.
  @Test func someGoodAndSomeBad() throws {
    let detected = try faceq("detect jf.jpg cut.jpg grey.png dot.png huge.png")
    #expect(detected.status == 0)
    #expect(detected.output.contains("jf.jpg: 1 face") && detected.output.contains("grey.png: 0 faces"))
    #expect(detected.errors.contains("cut.jpg") && detected.errors.contains("huge.png"))
    let aligned = try faceq("align jf.jpg cut.jpg grey.png dot.png huge.png -o new")
    #expect(aligned.status == 0)
    #expect(aligned.errorLines.count == 5 && aligned.errorLines.last == "faceq: 4 of 5 images were skipped")
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder("new")) == ["jf-1.png"])
    let embedded = try faceq("embed se.gguf jf.jpg cut.jpg grey.png --all-faces -o new.npy")
    #expect(embedded.status == 0 && embedded.errorLines.last == "faceq: 2 of 3 images were skipped")
    #expect(try bench.rows("new.npy").count == 1)
    let drifted = try faceq("drift se.gguf se.int8.gguf mixed --json")
    #expect(try members(drifted.output)["skipped"] as? Int == 1, "the photo is used now")
  }

  @Test func theDetectorIsAskedForByName() throws {
    let missing = try bench.faceq("detect", "jf.jpg")
    #expect(missing.status == 1 && missing.errors.contains("none.gguf") && missing.errors.contains("fetch-detector"))
    let named = try bench.faceq("detect", "jf.jpg", "--detector", trainedDetector ?? "")
    #expect(named.status == 0)
    let model = try bench.faceq("detect", "jf.jpg", "--detector", "se.gguf")
    #expect(model.status == 1 && model.errors.contains("is not a face detector"))
    let embedding = try bench.faceq("embed", trainedDetector ?? "", "face1.jpg")
    #expect(embedding.status == 1 && embedding.errors.contains("is a face detector"))
  }

  @Test(arguments: ["detect", "align"])
  func helpHasAnExample(command: String) throws {
    #expect(try faceq("\(command) --help").output.contains("\n    faceq \(command) "))
  }
}

/// A grey picture, its rows stored without compression.
private func writePNG(_ path: String, width: Int, height: Int) throws {
  let rows = [[UInt8]](repeating: [0] + [UInt8](repeating: 128, count: width), count: height).flatMap { $0 }
  var deflated: [UInt8] = [0x78, 0x01]
  for start in stride(from: 0, to: rows.count, by: 65_535) {
    let part = rows[start..<min(start + 65_535, rows.count)]
    deflated.append(start + part.count == rows.count ? 1 : 0)
    for word in [UInt16(part.count), ~UInt16(part.count)] { deflated += [UInt8(word & 0xff), UInt8(word >> 8)] }
    deflated += part
  }
  var (low, high) = (UInt32(1), UInt32(0))
  for byte in rows {
    low = (low + UInt32(byte)) % 65_521
    high = (high + low) % 65_521
  }
  deflated += bigEndian(high << 16 | low)
  var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  func add(_ type: String, _ data: [UInt8]) {
    let body = Array(type.utf8) + data
    file += bigEndian(UInt32(data.count)) + body + crc32(body[...])
  }
  add("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, 0, 0, 0, 0])
  add("IDAT", deflated)
  add("IEND", [])
  try Data(file).write(to: URL(fileURLWithPath: path))
}

private func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

private func crc32(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
  var remainder = UInt32.max
  for byte in bytes {
    remainder ^= UInt32(byte)
    for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xedb8_8320 : 0) }
  }
  return bigEndian(~remainder)
}
