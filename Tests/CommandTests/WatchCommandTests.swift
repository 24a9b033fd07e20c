import FaceImages
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// A trained network, a detector, a bank with one person, Al, and what is watched:
///
/// model.gguf, detector.gguf, people.bank, door.mjpeg (Al for two seconds, nobody for two, a stranger for two),
/// huge.mjpeg (20,000 rows and columns), cut.mjpeg (half a frame), pictures/ (30 of Al, a damaged one, and one with many zeros behind it), empty/.
private struct Door {
  static let shared = Result { try Door() }

  let folder: TemporaryFolder

  private init() throws {
    folder = try TemporaryFolder()
    folder.removeAtExit()
    let pictures = try #require(testPictures)
    try FileManager.default.createSymbolicLink(
      atPath: folder("model.gguf"), withDestinationPath: trainedModel)
    try #require(networkDetector).write(to: folder("detector.gguf"), faceq: faceqPath)
    let enrolled = try runProgram(
      faceqPath,
      ["enroll", "people.bank", "Al"] + pictures.heads[1...]
        + ["--model", "model.gguf", "--detector", "detector.gguf"], in: folder.path)
    guard enrolled.status == 0 else { throw CommandFailure(message: enrolled.errors) }
    func picture(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
    let (known, stranger) = (try picture(pictures.heads[0]), try picture(pictures.otherHead))
    let nobody = try encodeJPEG(RGBImage(width: 150, height: 150, pixels: [UInt8](repeating: 90, count: 67_500)))
    let seconds = [known, nobody, stranger].map { Array([[UInt8]](repeating: $0, count: 50).joined()) }
    try folder.write(seconds.joined(), to: "door.mjpeg")
    try folder.write(known.dropLast(known.count / 2), to: "cut.mjpeg")
    // The rows and columns of the frame's header.
    var huge = nobody
    let header = try #require(huge.indices.first { huge[$0...].starts(with: [0xff, 0xc0]) })
    huge.replaceSubrange(header + 5..<header + 9, with: [0x4e, 0x20, 0x4e, 0x20])
    try folder.write(huge, to: "huge.mjpeg")
    try FileManager.default.createDirectory(atPath: folder("empty"), withIntermediateDirectories: false)
    try FileManager.default.createDirectory(atPath: folder("pictures"), withIntermediateDirectories: false)
    for number in 10..<40 { try folder.write(known, to: "pictures/\(number).jpg") }
    try folder.write(known.prefix(1000), to: "pictures/40.jpg")
    try folder.write(known, to: "pictures/41.jpg")
    let large = try FileHandle(forWritingTo: URL(fileURLWithPath: folder("pictures/41.jpg")))
    try large.truncate(atOffset: 1 << 26 + 1)
  }

  func watch(_ arguments: String...) throws -> ProgramResult {
    try runProgram(
      faceqPath,
      ["watch"] + arguments + ["--model", "model.gguf", "--bank", "people.bank", "--detector", "detector.gguf"],
      in: folder.path)
  }
}

private func names(_ folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

@Suite(.enabled(if: canDetect, Comment(rawValue: detectingNeeds)))
struct WatchCommandTests {
  private let door: Door

  init() throws { door = try Door.shared.get() }

  @Test func everyVisitIsALine() throws {
    let result = try door.watch(
      "door.mjpeg", "--json", "--snapshots", "seen", "--exec", "sed s/null/nobody/ >> told", "--cooldown", "5")
    #expect(result.status == 0)
    let events = try result.output.split(separator: "\n").map { try members(String($0)) }
    #expect(events.map { $0["name"] as? String } == ["Al", nil])
    #expect(events.compactMap { $0["frame"] as? Int }.allSatisfy { $0 < 50 || (100...150).contains($0) })
    #expect(events.compactMap { $0["cosine"] as? Double }.count == 2)
    #expect(result.errors.contains("150 frames seen, 150 looked at"))
    #expect(result.errors.contains("0 dropped, 0 broken"))
    // A picture for each, and each is told to the command, in any order.
    #expect(try names(door.folder("seen")).filter { $0.hasPrefix("visit-") && $0.hasSuffix(".jpg") }.count == 2)
    let told = try door.folder.text("told")
    #expect(told.split(separator: "\n").count == 2)
    #expect(told.contains(#""name": nobody"#) && told.contains(#""name": "Al""#))
  }

  @Test func linesAreForReaders() throws {
    let result = try door.watch("pictures", "--min-views", "2", "--every-frame")
    #expect(result.status == 0)
    #expect(result.output.split(separator: "\n").count == 1)
    #expect(result.output.contains("Z Al, cosine 0."))
    #expect(result.errors.contains("2 broken"))
    #expect(result.errors.contains("pictures/41.jpg has more than 64 MiB"))
    #expect(result.errors.contains("a frame is left out: cannot read frame 31"))
  }

  @Test(arguments: [
    ("none.mjpeg", "cannot open none.mjpeg: it does not exist"), ("empty", "cannot find images in empty"),
    ("model.gguf", "model.gguf is no MJPEG stream"), ("/dev/null", "/dev/null is no camera"),
    ("rtsp://10.0.0.1/door", "only http is spoken here; pipe it in: ffmpeg -i rtsp://10.0.0.1/door"),
    ("http://door/stream", "names are not looked up"), ("http://127.0.0.1:1/", "cannot read http://127.0.0.1:1/"),
    ("cut.mjpeg", "cut.mjpeg is no MJPEG stream"), ("huge.mjpeg", "no frame of huge.mjpeg could be used"),
  ])
  func badSourcesAreOneSentence(source: String, sentence: String) throws {
    let result = try door.watch(source)
    #expect(result.status == 1)
    #expect(result.output == "")
    #expect(result.errorLines.last?.contains(sentence) == true, "\(result.errors)")
    if source == "huge.mjpeg" {
      #expect(result.errors.contains("frame 1 has 20000 × 20000 pixels, more than a watch can take"))
    }
  }

  @Test(arguments: [
    ("--min-views", "6"), ("--threshold", "2"), ("--cooldown", "-1"), ("--fps", "0"), ("--detect-every", "0"),
    ("--size", "large"), ("--quality", "7"),
  ])
  func impossibleChoicesAreRefused(option: String, value: String) throws {
    let result = try door.watch("door.mjpeg", "\(option)=\(value)")
    #expect(result.status == 1)
    #expect(result.errorLines.count == 1)
  }

  @Test func aRequestToEndEndsItWithASummary() throws {
    let process = Process()
    let (input, errors) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: faceqPath)
    process.currentDirectoryURL = URL(fileURLWithPath: door.folder.path)
    process.arguments = [
      "watch", "-", "--model", "model.gguf", "--bank", "people.bank", "--detector", "detector.gguf", "--json",
    ]
    (process.standardInput, process.standardError) = (input, errors)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    // A pipe that stays open: the visit is told before anything ends. The reader may be gone when more is written.
    signal(SIGPIPE, SIG_IGN)
    let frame = try door.folder.bytes("pictures/10.jpg")
    let writer = Thread {
      while (try? input.fileHandleForWriting.write(contentsOf: Data(frame))) != nil {
        Thread.sleep(forTimeInterval: 0.04)
      }
    }
    writer.start()
    let line = output.fileHandleForReading.availableData
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(try members(String(decoding: line, as: UTF8.self))["name"] as? String == "Al")
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(said.contains("1 visits (0 of strangers)"))
  }

  /// A camera that speaks HTTP.
  private static let server = """
    import http.server, sys, time
    frame = open("pictures/10.jpg", "rb").read()
    class Camera(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/stream" else 404)
            kind = "multipart/x-mixed-replace; boundary=x" if self.path == "/stream" else "text/html"
            self.send_header("Content-Type", kind)
            self.end_headers()
            head = b"--x\\r\\nContent-Type: image/jpeg\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(frame)
            for number in range(500 if self.path == "/stream" else 0):
                self.wfile.write(head + frame + b"\\r\\n")
                time.sleep(0.04)
        def log_message(self, *words): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    print(server.server_port, flush=True)
    server.serve_forever()
    """

  @Test func aStreamIsReadOverHTTP() throws {
    let camera = Process()
    let told = Pipe()
    camera.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    camera.currentDirectoryURL = URL(fileURLWithPath: door.folder.path)
    camera.arguments = ["python3", "-c", Self.server]
    camera.standardOutput = told
    try camera.run()
    // Children of a dispatch thread begin with SIGTERM blocked, and Python leaves it so.
    defer { kill(camera.processIdentifier, SIGKILL) }
    let port = String(decoding: told.fileHandleForReading.availableData, as: UTF8.self).prefix { $0.isNumber }
    let wrong = try door.watch("http://127.0.0.1:\(port)/other")
    #expect(wrong.status == 1 && wrong.errors.contains("404"))
    let watch = Process()
    let output = Pipe()
    watch.executableURL = URL(fileURLWithPath: faceqPath)
    watch.currentDirectoryURL = URL(fileURLWithPath: door.folder.path)
    watch.arguments = [
      "watch", "http://127.0.0.1:\(port)/stream", "--model", "model.gguf", "--bank", "people.bank", "--detector",
      "detector.gguf", "--json",
    ]
    watch.standardOutput = output
    try watch.run()
    let line = output.fileHandleForReading.availableData
    watch.terminate()
    watch.waitUntilExit()
    #expect(watch.terminationStatus == 0)
    #expect(try members(String(decoding: line, as: UTF8.self))["name"] as? String == "Al")
  }
}
