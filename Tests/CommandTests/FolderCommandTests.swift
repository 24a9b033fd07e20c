import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Folders, names and lists as people have them, on aligned faces.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct FolderCommandTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  /// Runs a shell's command line, in which `faceq` is the program.
  private func shell(_ line: String) throws -> ProgramResult {
    try runProgram(
      "/bin/sh", ["-c", "faceq() { \"$PROGRAM\" \"$@\"; }\n" + line], in: bench.folder.path,
      environment: ["PROGRAM": faceqPath, "FACEQ_DETECTOR": "none.gguf"])
  }

  private func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: bench.folder(name), withIntermediateDirectories: true)
  }

  private func copyFace(_ face: Int, to name: String) throws {
    try makeFolder((name as NSString).deletingLastPathComponent)
    try bench.folder.write(try bench.folder.bytes("face\(face).jpg"), to: name)
  }

  /// `José` in two normal forms, `Jörg` in Latin 1, an escape sequence, and one that looks like an escaped byte.
  private static let names: [[UInt8]] = [
    Array("Jose\u{301}.jpg".utf8), Array("Jos\u{e9}.jpg".utf8), [0x4a, 0xf6] + Array("rg.jpg".utf8),
    Array("\u{1b}[31m.jpg".utf8), Array("\\xf6.jpg".utf8), Array("a,\"b\"\n.jpg".utf8),
  ]

  @Test func namesAreBytes() throws {
    try makeFolder("odd")
    for (index, name) in Self.names.enumerated() {
      try bench.folder.write(try bench.folder.bytes("face\(index % 3 + 1).jpg"), toName: Array("odd/".utf8) + name)
    }
    #expect(try bench.faceq("embed", "se.gguf", "face1.jpg", "face2.jpg", "face3.jpg", "-o", "faces.npy").status == 0)
    let faces = try bench.rows("faces.npy")
    let sorted = Self.names.indices.sorted { Self.names[$0].lexicographicallyPrecedes(Self.names[$1]) }
    for threads in ["1", "2"] {
      #expect(try bench.faceq("embed", "se.gguf", "odd", "-o", "odd.npy", "--threads", threads).status == 0)
      #expect(try bench.rows("odd.npy") == sorted.map { faces[$0 % 3] })
    }
    // The table says which is which, in valid UTF-8 that can be turned back.
    let table = try bench.folder.bytes("odd.csv")
    #expect(String(validating: table, as: UTF8.self) != nil)
    let lines = String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst()
    #expect(lines.count == Self.names.count)
    #expect(lines.contains("\(sorted.firstIndex(of: 2) ?? -1),odd/J\\xf6rg.jpg,1,embedded,"))
    #expect(lines.contains { $0.hasSuffix(",odd/\\x5cxf6.jpg,1,embedded,") })
    #expect(lines.contains { $0.hasSuffix(",odd/\\x1b[31m.jpg,1,embedded,") })
    #expect(lines.contains { $0.hasSuffix(",\"odd/a,\"\"b\"\"\\x0a.jpg\",1,embedded,") })

    let json = try members(try bench.faceq("embed", "se.gguf", "odd", "--json").output)
    let images = try #require(json["embeddings"] as? [[String: Any]]).compactMap { $0["image"] as? String }
    #expect(images.contains("odd/J\\xf6rg.jpg") && images.count == Self.names.count)
  }

  @Test func argumentsAreBytes() throws {
    #expect(try shell("cp -L face1.jpg $(printf 'J\\366rg.jpg'); cp -L se.gguf $(printf 'm\\366.gguf')").status == 0)
    let result = try shell(
      "faceq embed $(printf 'm\\366.gguf') $(printf 'J\\366rg.jpg') face2.jpg -o $(printf 'r\\366.npy')")
    #expect(result.status == 0 && result.output.hasPrefix("r\\xf6.npy: float32 [2, "))
    #expect(try shell("test -s $(printf 'r\\366.npy') && test -s $(printf 'r\\366.csv')").status == 0)
    let missing = try shell("faceq embed se.gguf --output=new.npy $(printf 'n\\366ne.jpg')")
    #expect(
      missing.status == 1 && missing.errors == "faceq: cannot open n\\xf6ne.jpg: it does not exist; check the path\n")
    // Not even the code points that bytes travel as are taken for bytes.
    let travelling = try shell("faceq embed se.gguf $(printf '\\364\\217\\277\\266.jpg')")
    #expect(travelling.errors.contains("cannot open \u{10fff6}.jpg: "))
    let wrong = try shell("faceq embed se.gguf face1.jpg --thr\u{e9}ads $(printf '\\366')")
    #expect(wrong.status == 64 && wrong.errors.contains("--thréads"))
  }

  @Test func badImagesAreSkippedAndNamed() throws {
    let result = try bench.faceq("embed", "se.gguf", "mixed", "none.jpg", "-o", "mixed.npy")
    #expect(result.status == 0)
    #expect(result.errorLines.last == "faceq: 3 of 6 images were skipped")
    #expect(try bench.rows("mixed.npy").count == 3)
    let lines = try bench.folder.text("mixed.csv").split(separator: "\n")
    #expect(lines.count == 7 && lines[0] == "row,path,face,status,reason")
    #expect(lines[1...3] == ["0,mixed/1.jpg,1,embedded,", "1,mixed/2.jpg,1,embedded,", "2,mixed/3.jpg,1,embedded,"])
    for (line, name) in zip(lines[4...], ["mixed/cut.jpg", "mixed/large.jpg", "none.jpg"]) {
      #expect(line.hasPrefix(",\(name),,skipped,") && line.contains(name))
    }
    let skipped = try #require(
      try members(try bench.faceq("embed", "se.gguf", "mixed", "--json").output)["skipped"] as? [[String: Any]])
    #expect(skipped.compactMap { $0["image"] as? String } == ["mixed/cut.jpg", "mixed/large.jpg"])
    // Rows and images are matched by the table where an image has no row.
    let drift = try members(try bench.faceq("drift", "mixed.npy", "se.gguf", "mixed", "none.jpg", "--json").output)
    #expect(drift["images"] as? Int == 3 && drift["skipped"] as? Int == 3)
    #expect(((drift["cosine"] as? [String: Any])?["min"] as? Double ?? 0) > 0.99999)
  }

  @Test(arguments: [
    ["embed", "se.gguf", "mixed", "-o", "new.npy"], ["embed", "se.gguf", "mixed", "--csv"],
    ["drift", "se.gguf", "se.int8.gguf", "mixed", "--json"], ["calibrate", "se.gguf", "mixed", "-o", "new.gguf"],
    ["enroll", "new.bank", "Ada", "mixed", "--model", "se.gguf"], ["detect", "mixed"],
    ["align", "mixed", "-o", "new"],
  ])
  func strictWritesNothing(arguments: [String]) throws {
    let result = try bench.faceq(arguments + ["--strict"])
    #expect(result.status == 1 && result.output == "" && result.errors != "")
    #expect(try bench.newFiles().isEmpty)
  }

  @Test func listsFromFilesAndStandardInput() throws {
    try bench.folder.write(Array("\u{feff}face1.jpg\r\nface2.jpg \r\n\r\nface3.jpg".utf8), to: "list.txt")
    try bench.folder.write(Array("face1.jpg\0face2.jpg\0face3.jpg\0".utf8), to: "list.zeros")
    let expected = try bench.faceq("embed", "se.gguf", "face1.jpg", "face2.jpg", "face3.jpg", "--csv").output
    for line in [
      "list.txt --csv", "--list list.txt --csv", "-0 --list list.zeros --csv", "--list - --csv < list.txt",
      "--null --list - --csv < list.zeros", "face1.jpg --list - --csv < list.rest",
    ] {
      try bench.folder.write(Array("face2.jpg\rface3.jpg\r".utf8), to: "list.rest")
      let result = try shell("faceq embed se.gguf \(line)")
      #expect(result.output == expected && result.errors == "" && result.status == 0, "\(line): \(result.errors)")
    }
    #expect(try shell("faceq embed se.gguf -0 --list list.txt --csv").status == 1)
    #expect(try shell("faceq embed se.gguf --list list.zeros --csv").errors.contains("zeros"))
    #expect(try shell("faceq embed se.gguf --list none.txt --csv").errors.contains("cannot open none.txt"))
    #expect(try shell("faceq embed se.gguf --list - --csv < /dev/null").errors.contains("no image in the list"))
    for command in ["embed se.gguf", "embed se.gguf face1.jpg -0", "detect", "align -o new"] {
      #expect(try shell("faceq \(command)").status == 64)
    }
    // A list of its own folder, and one of this.
    try makeFolder("lists")
    try copyFace(1, to: "lists/only.jpg")
    try bench.folder.write(Array("only.jpg\n".utf8), to: "lists/list.txt")
    #expect(try bench.faceq("embed", "se.gguf", "lists/list.txt").status == 0)
    #expect(try bench.faceq("embed", "se.gguf", "--list", "lists/list.txt").status == 1)
  }

  @Test(arguments: ["-dash.jpg", "-h.jpg", "--dash.jpg", "-1.jpg"])
  func filesThatBeginWithADash(name: String) throws {
    try copyFace(1, to: name)
    for command in [
      ["embed", "se.gguf"], ["detect"], ["align", "-o", "new"], ["compare", "--model", "se.gguf", "face1.jpg"],
    ] {
      let result = try bench.faceq(command + [name])
      #expect(result.status == 64 && result.output == "")
      #expect(result.errors.contains("-- \(name)"), "\(command): \(result.errors)")
    }
    #expect(try bench.faceq("embed", "se.gguf", "--", name).output.contains(name))
    #expect(try bench.faceq("embed", "se.gguf", "./" + name).status == 0)
  }

  @Test func otherImagesAreCounted() throws {
    try copyFace(1, to: "album/a.jfif")
    for name in ["b.webp", "c.HEIC"] { try bench.folder.write([0], to: "album/" + name) }
    let result = try bench.faceq("embed", "se.gguf", "album")
    #expect(
      result.status == 0 && result.errorLines.count == 1 && result.errors.contains("2 other image files were passed"))
  }

  @Test func theFilesAreNotThoseThatAreRead() throws {
    try bench.folder.write(Array("face1.jpg\n".utf8), to: "rows.csv")
    for command in [["rows.csv", "-o", "rows.npy"], ["--list", "rows.csv", "-o", "rows"]] {
      let result = try bench.faceq(["embed", "se.gguf"] + command)
      #expect(result.status == 1 && result.errors.contains("rows.csv is the input itself"))
    }
    #expect(try bench.folder.text("rows.csv") == "face1.jpg\n")
  }

  /// The limit on a file's size stands for a full disk.
  @Test func outputThatCannotBeWritten() throws {
    let result = try shell("trap '' XFSZ; ulimit -f 1; faceq embed se.gguf faces -o new.npy")
    #expect(result.status == 1 && result.errorLines.count == 1 && result.errors.contains("cannot write new.npy"))
    #expect(try bench.newFiles().isEmpty)
    for form in ["--csv", "--json"] {
      let full = try shell("faceq embed se.gguf faces \(form) > /dev/full")
      #expect(full.status == 1 && full.errorLines.count == 1 && full.errors.contains("the disk is full"))
    }
  }

  /// Results go out as they are made: the program's memory is that for a few images, however many there are.
  @Test func memoryDoesNotGrowWithTheImages() throws {
    try makeFolder("many")
    for index in 0..<30_000 { link(bench.folder("cut.jpg"), bench.folder("many/picture \(index).jpg")) }
    try copyFace(1, to: "many/a.jpg")
    try makeFolder("few")
    try copyFace(1, to: "few/a.jpg")
    let peaks = try ["few", "many"].map { folder in
      // /proc says it of a process that lives: the shell's child has ended, its usage is asked for by Python.
      let script = """
        import resource, subprocess, sys
        subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        """
      let result = try runProgram(
        "/usr/bin/env", ["python3", "-c", script, faceqPath, "embed", "se.gguf", folder, "-o", "\(folder).npy"],
        in: bench.folder.path)
      return try #require(Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    }
    #expect(peaks[1] - peaks[0] < 12 << 10, "\(peaks) KiB")
  }
}
