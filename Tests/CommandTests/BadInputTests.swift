import TestSupport
import Testing

/// Every bad input is one line on stderr that names what is wrong, a status other than 0, and no file.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct BadInputTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  struct BadInput: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    /// What the line must name.
    var named: String

    init(_ command: String, named: String) {
      arguments = command.split(separator: " ").map(String.init)
      self.named = named
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let ofImport = [
    BadInput("import none.pth -o new.gguf", named: "none.pth"),
    BadInput("import cut.pth -o new.gguf", named: "cut.pth"),
    BadInput("import face1.jpg -o new.gguf", named: "face1.jpg"),
    BadInput("import se.gguf -o new.gguf", named: "se.gguf"),
    BadInput("import faces -o new.gguf", named: "faces"),
    BadInput("import se.pth -o ./se.pth", named: "./se.pth"),
    BadInput("import se.pth -o none/new.gguf", named: "none/new.gguf"),
    BadInput("import se.pth -o /proc/new.gguf", named: "/proc/new.gguf"),
    BadInput("import se.pth -o /dev/full", named: "/dev/full"),
    BadInput("import se.pth -o empty", named: "empty"),
  ]

  /// Every command that opens a model, with its model left out.
  static let ofModels = [
    "info MODEL", "embed MODEL face1.jpg -o new.npy", "compare --model MODEL face1.jpg face2.jpg", "bench MODEL",
    "drift MODEL se.gguf faces", "drift se.gguf MODEL faces", "selftest MODEL", "calibrate MODEL faces -o new.gguf",
  ].flatMap { command in
    ["none.gguf", "cut.gguf", "face1.jpg", "se.pth", "faces", "/dev/null"].map { model in
      BadInput(command.replacing("MODEL", with: model), named: model)
    }
  }

  static let ofImages = [
    "embed se.gguf IMAGE -o new.npy", "embed se.gguf face1.jpg IMAGE face2.jpg -o new.npy --strict",
    "embed se.gguf face1.jpg IMAGE face2.jpg --json --strict", "embed se.gguf IMAGE --json",
    "compare --model se.gguf face1.jpg IMAGE",
  ].flatMap { command in
    ["none.jpg", "none", "cut.jpg", "large.jpg", "empty", "se.gguf", "large"].map { image in
      BadInput(command.replacing("IMAGE", with: image), named: image)
    }
  }

  static let ofMachines = [
    "embed se.gguf face1.jpg -o new.npy", "compare --model se.gguf face1.jpg face2.jpg", "bench se.gguf",
    "drift se.gguf se.int8.gguf faces", "selftest se.int8.gguf", "calibrate se.gguf faces -o new.gguf",
  ].flatMap { command in
    [
      BadInput("\(command) --isa abacus", named: "abacus"), BadInput("\(command) --isa \(foreign)", named: foreign),
      BadInput("\(command) --threads 0", named: "--threads"), BadInput("\(command) --threads 257", named: "--threads"),
      BadInput("\(command) --threads=-1", named: "--threads"),
      BadInput("\(command) --cores 1-", named: "1-"), BadInput("\(command) --cores 8191", named: "core 8191"),
      BadInput("\(command) --cores 0 --threads 1", named: "--cores"),
    ]
  }

  static let ofOutputs = ["none/new", "/proc/new", "/dev/full", "empty"].flatMap { output in
    ["embed se.gguf face1.jpg -o \(output)", "calibrate se.gguf faces -o \(output)"].map { BadInput($0, named: output) }
  }

  static let others = [
    BadInput("compare --model se.gguf face1.jpg", named: "face1.jpg"),
    BadInput("bench se.gguf --runs 0", named: "--runs"),
    BadInput("bench se.gguf --compare se.int8.gguf", named: "se.int8.gguf"),
    BadInput("bench se.gguf --minutes 0", named: "--minutes"),
    BadInput("bench se.gguf --minutes 1 --runs 1", named: "--minutes"),
    BadInput("drift se.gguf ir.gguf faces", named: "ir.gguf"),
    BadInput("drift none.npy se.gguf faces", named: "none.npy"),
    BadInput("drift se.gguf se.int8.gguf none", named: "none"),
    BadInput("drift se.gguf se.int8.gguf empty", named: "empty"),
    BadInput("drift se.gguf se.int8.gguf faces --min-cosine 1.5", named: "--min-cosine"),
    BadInput("drift se.gguf se.int8.gguf faces --min-cosine nan", named: "--min-cosine"),
    BadInput("selftest se.gguf", named: "se.gguf"),
    BadInput("calibrate se.int8.gguf faces -o new.gguf", named: "se.int8.gguf"),
    BadInput("calibrate se.gguf faces -o se.gguf", named: "se.gguf"),
    BadInput("calibrate se.gguf empty -o new.gguf", named: "empty"),
  ]

  #if arch(arm64)
    private static let foreign = "avx2"
  #else
    private static let foreign = "neon"
  #endif

  @Test(arguments: ofImport + ofModels + ofImages + ofMachines + ofOutputs + others)
  func isOneSentence(_ bad: BadInput) throws {
    let result = try bench.faceq(bad.arguments)
    #expect(result.status == 1)
    #expect(result.output == "")
    #expect(result.errorLines.count == 1)
    #expect(result.errors.hasPrefix("faceq: ") && result.errors.contains(bad.named))
    #expect(try bench.newFiles().isEmpty)
  }

  @Test func rowsForOtherImages() throws {
    #expect(try bench.faceq("embed", "se.gguf", "mixed/1.jpg", "mixed/2.jpg", "-o", "two.npy").status == 0)
    let result = try bench.faceq("drift", "two.npy", "se.int8.gguf", "faces")
    #expect(result.status == 1 && result.output == "")
    #expect(result.errorLines.count == 1 && result.errors.contains("two.npy") && result.errors.contains("[48, 64]"))
  }

  /// A file may not grow beyond a kilobyte: the disk is as good as full.
  @Test(arguments: [
    "import se.pth -o new.gguf", "embed se.gguf faces -o new.npy", "calibrate se.gguf faces -o new.gguf",
  ])
  func fullDisk(command: String) throws {
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \(command) 2>&1 >/dev/null | cat"
    let result = try runProgram("/bin/sh", ["-c", script, faceqPath], in: bench.folder.path)
    #expect(result.output.split(separator: "\n").count == 1)
    #expect(result.output.hasPrefix("faceq: cannot write new."))
    #expect(try bench.newFiles().isEmpty)
  }

  @Test(arguments: [
    "info se.gguf", "embed se.gguf face1.jpg", "embed se.gguf face1.jpg --csv",
    "compare --model se.gguf face1.jpg face2.jpg",
    "bench se.gguf --runs 1", "drift se.gguf se.int8.gguf mixed/1.jpg", "selftest se.int8.gguf",
  ])
  func stdoutThatIsFull(command: String) throws {
    let result = try runProgram(
      "/bin/sh", ["-c", "exec \"$0\" \(command) >/dev/full", faceqPath], in: bench.folder.path)
    #expect(result.status == 1)
    #expect(result.errorLines.count == 1 && result.errors.contains("stdout"))
  }

  @Test func readerThatHasGoneAway() throws {
    let script = "trap '' PIPE; { \"$0\" embed se.gguf faces --csv; echo $? >status; } | true"
    let result = try runProgram("/bin/sh", ["-c", script, faceqPath], in: bench.folder.path)
    #expect(result.errors == "")
    #expect(try bench.folder.text("status") == "141\n")
  }

  @Test(arguments: [
    "", "--none", "embed", "embed se.gguf", "embed se.gguf face1.jpg --json --csv",
    "embed se.gguf face1.jpg --threads x",
    "import se.pth", "import se.pth -o new.gguf --channels grb", "bench se.gguf --runs x", "unknown",
  ])
  func mistakesOnTheCommandLine(command: String) throws {
    let result = try bench.faceq(command.split(separator: " ").map(String.init))
    #expect(result.status == (command.isEmpty ? 0 : 64))
    #expect(command.isEmpty == result.errors.isEmpty)
    #expect(try bench.newFiles().isEmpty)
  }
}
