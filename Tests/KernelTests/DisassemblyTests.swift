import Foundation
import TestSupport
import Testing

#if arch(x86_64)
  /// The inner loops as the compiler left them: a new compiler must not quietly make one of them a hundred times slower.
  @Suite(.enabled(if: KernelObjects.areThere, "needs binutils' objdump and a release build"))
  struct DisassemblyTests {
    /// Instructions for each multiplication, as counted when the loop was written, rounded up.
    @Test(arguments: [
      ("VNNI", "vpdpbusd", 1.7), ("VNNI", "vpdpwssd", 1.7), ("VNNI", "vfmadd231ps", 1.7),
      ("AVXVNNI", "vpdpbusd", 2.1), ("AVXVNNI", "vpdpwssd", 2.1),
      ("AVX2", "vpmaddwd", 4.5), ("AVX2", "vfmadd231ps", 2.0),
    ])
    func innerLoopsAreTight(_ module: String, _ multiplication: String, _ bound: Double) throws {
      let loops = try KernelObjects.loops(of: module).filter { $0.count(multiplication) >= 4 }
      let best = try #require(loops.min { $0.instructionsPer(multiplication) < $1.instructionsPer(multiplication) })
      #expect(best.instructionsPer(multiplication) <= bound, "\(best.instructions.joined(separator: "\n"))")
      #expect(best.count("call") == 0)
      #expect(!best.instructions.contains { $0.contains("(%rsp") || $0.contains("(%rbp") }, "it spills")
    }
  }

  /// A loop without another one inside.
  private struct Loop {
    var instructions: [String]

    func count(_ mnemonic: String) -> Int { instructions.count { $0.contains(mnemonic) } }

    func instructionsPer(_ mnemonic: String) -> Double { Double(instructions.count) / Double(count(mnemonic)) }
  }

  private enum KernelObjects {
    /// Where the build that this test belongs to has its object files.
    static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .path

    static var areThere: Bool {
      folder.hasSuffix("release") && FileManager.default.fileExists(atPath: folder + "/KernelsVNNI.build")
        && (try? runProgram("/usr/bin/env", ["objdump", "--version"]))?.status == 0
    }

    static func loops(of module: String) throws -> [Loop] {
      let objects = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/Kernels\(module).build")
        .filter { $0.hasSuffix(".o") }.map { "\(folder)/Kernels\(module).build/\($0)" }
      let listing = try runProgram("/usr/bin/env", ["objdump", "-d", "--no-show-raw-insn"] + objects).output
      var loops: [Loop] = []
      var function: [(address: Int, text: String)] = []
      for line in listing.split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let address = Int(parts[0].trimmingCharacters(in: .whitespaces), radix: 16) else {
          if line.hasSuffix(">:") { function = [] }
          continue
        }
        let text = parts[1].trimmingCharacters(in: .whitespaces)
        function.append((address, text))
        guard text.hasPrefix("j"), let target = jumpTarget(text), target < address else { continue }
        let body = function.drop { $0.address < target }
        let isInnermost = !body.dropLast().contains { instruction in
          instruction.text.hasPrefix("j")
            && jumpTarget(instruction.text).map { $0 >= target && $0 < instruction.address } == true
        }
        if isInnermost { loops.append(Loop(instructions: body.map(\.text))) }
      }
      return loops
    }

    /// Of `jne 3d0 <symbol+0x3d0>`.
    private static func jumpTarget(_ text: String) -> Int? {
      let words = text.split(separator: " ", omittingEmptySubsequences: true)
      return words.count > 1 ? Int(words[1], radix: 16) : nil
    }
  }
#endif
