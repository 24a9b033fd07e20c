import CFuzzer
import CSystem
@testable import FaceqSupport
@testable import FuzzTargets

/// Runs one target with libFuzzer, or writes its seeds:
///
///     faceq-fuzz TARGET [CORPUS…] [-LIBFUZZER_OPTION=…]
///     faceq-fuzz --targets
///     faceq-fuzz --seeds TARGET FOLDER
@main enum Fuzz {
  nonisolated(unsafe) private static var target = FuzzTarget.all[0]

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case "--targets": for target in FuzzTarget.all { print("\(target.name)\t\(target.summary)") }
    case "--seeds":
      guard arguments.count == 3, let target = named(arguments[2]) else { return usage() }
      for (name, bytes) in try target.seeds() {
        try bytes.withUnsafeBytes { try writeFileAtomically(path: FilePath("\(arguments[3])/\(name)"), $0) }
      }
    case let name?:
      guard let target = named(name) else { return usage() }
      fuzz(target)
    case nil: usage()
    }
  }

  private static func named(_ name: String) -> FuzzTarget? { FuzzTarget.all.first { $0.name == name } }

  private static func usage() {
    print("faceq-fuzz TARGET [CORPUS…] [-OPTION=…] | --targets | --seeds TARGET FOLDER")
    system_exit(2)
  }

  private static func fuzz(_ chosen: FuzzTarget) {
    target = chosen
    // libFuzzer reads the arguments after the first, which is the program: with that a shell starts it again to merge
    // inputs, so that the target is a part of it.
    var count = CommandLine.argc - 1
    var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = CommandLine.unsafeArgv + 1
    values[0] = fuzzer_copy("\(CommandLine.arguments[0]) \(chosen.name)")
    let status = LLVMFuzzerRunDriver(&count, &values) { bytes, count in
      Fuzz.target.run(UnsafeRawBufferPointer(start: bytes, count: count))
      return 0
    }
    system_exit(status)
  }
}
