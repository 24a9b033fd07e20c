import FaceqSupport
import Foundation
import TestSupport
import Testing

#if arch(x86_64)
  /// The inner loops as the compiler left them: a new compiler must not quietly make one of them a hundred times
  /// slower.
  @Suite(.enabled(if: KernelObjects.areThere, "needs binutils' objdump, python3 and a release build"))
  struct DisassemblyTests {
    /// The loop of each register tile, found by its number of multiplications, and instructions for each of them, as
    /// counted when the loop was written, rounded up.
    @Test(arguments: [
      // By stored weights 24, 20, 12 and 10 multiplications at a time, by packed ones 22 and 11.
      ("VNNI", "Stored", "vpdpwssd", 24, 1.7), ("VNNI", "Stored", "vpdpwssd", 20, 1.8),
      ("VNNI", "Stored", "vpdpwssd", 12, 2.3), ("VNNI", "Packed", "vpdpwssd", 22, 2.6),
      ("VNNI", "Packed", "vpdpwssd", 11, 4.2),
      ("AVXVNNI", "TransformedMatrix", "vpdpwssd", 12, 2.1), ("AVX2", "TransformedMatrix", "vpmaddwd", 12, 3.1),
    ])
    func winogradLoopsAreTight(
      _ module: String, _ kernel: String, _ multiplication: String, _ count: Int, _ bound: Double
    ) throws {
      try expectTight(module, kernel: kernel, multiplication, count: count, bound)
    }

    @Test(arguments: [
      ("VNNI", "vpdpbusd", 24, 1.7), ("VNNI", "vpdpbusd", 14, 2.0), ("VNNI", "vpdpwssd", 24, 1.7),
      ("VNNI", "vfmadd231ps", 24, 1.7), ("AVXVNNI", "vpdpbusd", 24, 1.9), ("AVXVNNI", "vpdpwssd", 12, 2.1),
      ("AVXVNNI", "vfmadd231ps", 12, 2.0), ("AVX2", "vpmaddwd", 12, 3.1), ("AVX2", "vpmaddwd", 8, 3.6),
      ("AVX2", "vfmadd231ps", 12, 2.0),
    ])
    func convolutionLoopsAreTight(_ module: String, _ multiplication: String, _ count: Int, _ bound: Double) throws {
      try expectTight(module, kernel: "ConvolutionLayer", multiplication, count: count, bound)
    }

    /// AVX2 widens each weight for one pixel.
    @Test(arguments: [("VNNI", "vpdpbusd", 24, 1.7), ("AVX2", "vpmaddwd", 8, 4.0)])
    func linearLoopsAreTight(_ module: String, _ multiplication: String, _ count: Int, _ bound: Double) throws {
      try expectTight(module, kernel: "DequantisedOutput", multiplication, count: count, bound)
    }

    private func expectTight(
      _ module: String, kernel: String, _ multiplication: String, count: Int, _ bound: Double
    ) throws {
      let loops = try KernelObjects.loops(of: module).filter {
        $0.function.contains(kernel) && $0.count(multiplication) == count
          && (kernel == "DequantisedOutput" || !$0.function.contains("DequantisedOutput"))
          && !$0.function.contains("<SIMDKernels.GroupedLayer>")
          // Two steps of 7 pixels × 16 channels, for a last block of an odd number: as many broadcasts as
          // multiplications.
          && $0.count("vpbroadcastd") < count
      }
      try #require(!loops.isEmpty)
      for loop in loops {
        #expect(loop.instructionsPer(multiplication) <= bound, "\(loop.text)")
        #expect(loop.count("call") == 0)
        #expect(!loop.instructions.contains { $0.contains("(%rsp") || $0.contains("(%rbp") }, "it spills")
      }
    }

    /// The products of float Winograd; that the sums of other register tiles come and go is not in this loop.
    @Test(arguments: [("VNNI", 16, 1.9), ("AVX2", 8, 2.4)])
    func winogradProductLoopsAreTight(_ module: String, _ count: Int, _ bound: Double) throws {
      let loops = try KernelObjects.loops(of: module).filter {
        $0.function.contains("FloatWinogradLayer") && $0.count("vfmadd231ps") == count
          && $0.instructions.count < 4 * count
      }
      try #require(!loops.isEmpty)
      for loop in loops {
        #expect(loop.instructionsPer("vfmadd231ps") <= bound, "\(loop.text)")
        #expect(loop.count("call") == 0)
        #expect(!loop.instructions.contains { $0.contains("(%rsp") || $0.contains("(%rbp") }, "it spills")
      }
    }

    /// Everything else: the loops of a kernel that contain an instruction, and instructions for each of these.
    @Test(arguments: [
      // Eight multiplications are 128 products.
      ("VNNI", "DepthwiseLayer>", "vpmullw", 7.7),
      ("AVX2", "DepthwiseLayer>, Swift.UnsafePointer<SIMDKernels.Int8Output>", "vpmullw", 9.4),
      ("AVX2", "DepthwiseLayer>, Swift.UnsafePointer<SIMDKernels.Int16Output>", "vpmullw", 9.4),
      ("AVX2", "DepthwiseLayer>, Swift.UnsafePointer<SIMDKernels.DequantisedOutput>", "vpmullw", 9.9),
      // 16 values each, 8 with AVX2.
      ("VNNI", "SIMDKernels.Conversion,", "vcvtdq2ps", 16), ("AVX2", "SIMDKernels.Conversion,", "vcvtdq2ps", 14),
    ])
    func otherLoopsAreTight(_ module: String, _ kernel: String, _ instruction: String, _ bound: Double) throws {
      let loops = try KernelObjects.loops(of: module).filter {
        $0.function.contains(kernel) && $0.count(instruction) > 0
          && (!kernel.hasPrefix("DepthwiseLayer") || [8, 40].contains($0.count(instruction)))
      }
      try #require(!loops.isEmpty)
      for loop in loops {
        #expect(loop.instructionsPer(instruction) <= bound, "\(loop.text)")
        #expect(loop.count("call") == 0)
      }
    }

    /// Depthwise convolutions of six neighbouring pixels, three above three, of 16 channels by the columns that they share.
    @Test func depthwiseColumnLoopsAreTight() throws {
      let loops = try KernelObjects.loops(of: "VNNI").filter {
        $0.function.contains("DepthwiseByColumns") && $0.count("vpdpbusd") == 18
      }
      try #require(!loops.isEmpty)
      for loop in loops {
        #expect(loop.instructionsPer("vpdpbusd") <= 7.5, "\(loop.text)")
        #expect(loop.count("call") == 0)
      }
    }

    /// The sum of a branch and its base, as nearly all sums are: 16 values at a time, 8 with AVX2.
    @Test(arguments: [("VNNI", 1, 13.0), ("AVX2", 2, 13.5)])
    func sumLoopsAreTight(_ module: String, _ count: Int, _ bound: Double) throws {
      let loops = try KernelObjects.loops(of: module).filter {
        // Pixels that are read twice have steps that change (XOR).
        $0.function.contains("SumPass") && $0.count("vcvtdq2ps") == count && $0.count("xor") == 0
      }
      try #require(!loops.isEmpty)
      for loop in loops {
        #expect(loop.instructionsPer("vcvtdq2ps") <= bound, "\(loop.text)")
        #expect(loop.count("call") == 0)
      }
    }

    /// A function of CSIMD is one instruction, or a few, and no more than that where it is called; but into thunks,
    /// such as witnesses of protocols, nothing is inlined. A kernel must not be one.
    @Test(arguments: ["KernelsAVX2", "KernelsAVXVNNI", "KernelsVNNI"])
    func instructionsAreInlined(_ module: String) throws {
      let callers = try KernelObjects.callers(of: "csimd_", in: module).filter {
        // Witnesses, merged ones (Tm), and those without a symbol, which follow copies of CSIMD's functions.
        !$0.hasSuffix("TW") && !$0.hasSuffix("TWTm") && !$0.hasPrefix("csimd_")
      }
      #expect(callers.isEmpty)
    }

    /// A vector function of the same name in two modules would be one function to the linker, with whichever
    /// instructions.
    @Test func modulesShareNoVectorCode() throws {
      let modules = ["SIMDKernels", "KernelsAVX2", "KernelsAVXVNNI", "KernelsVNNI"]
      var owners: [String: Set<String>] = [:]
      for module in modules {
        for function in try KernelObjects.vectorFunctions(of: module) { owners[function, default: []].insert(module) }
      }
      try #require(owners.count > 100)
      for (function, modules) in owners where modules.count > 1 {
        // The compiler's own copying of large values, which specialised kernels never call; and the standard library's
        // halves of a vector, which AVX2 and 256-bit VNNI take by the same instructions.
        if function.hasPrefix("__swift_memcpy") { continue }
        if function.hasPrefix("$ss") && modules == ["KernelsAVX2", "KernelsAVXVNNI"] { continue }
        Issue.record("\(modules.sorted().joined(separator: " and ")) have \(function)")
      }
    }
  }

  /// A loop without another one inside, as tools/inner-loops prints it.
  private struct Loop: Decodable {
    /// The function that it is in, as in the source.
    var function: String
    var instructions: [String]

    var text: String { instructions.joined(separator: "\n") }

    func count(_ mnemonic: String) -> Int { instructions.count { $0.contains(mnemonic) } }

    func instructionsPer(_ mnemonic: String) -> Double { Double(instructions.count) / Double(count(mnemonic)) }
  }

  private enum KernelObjects {
    /// Where the build that this test belongs to has its object files.
    static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
      .path

    /// The finder of loops, which is a script.
    private static let innerLoops = fixtures + "/../../tools/inner-loops"

    static var areThere: Bool {
      folder.hasSuffix("release") && FileManager.default.fileExists(atPath: folder + "/KernelsVNNI.build")
        && ["objdump", "python3"].allSatisfy {
          (try? runProgram("/usr/bin/env", [$0, "--version"]))?.status == 0
        }
    }

    /// The symbols, as others see them, of functions that use vector registers.
    static func vectorFunctions(of module: String) throws -> Set<String> {
      let objects = try objects(of: module)
      let global = try runProgram("/usr/bin/env", ["nm", "--defined-only", "--extern-only"] + objects).output
        .split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
      var functions: Set<String> = []
      var symbol = ""
      for line in try listing(objects).split(separator: "\n") {
        if line.hasSuffix(">:"), let name = line.split(separator: "<").last {
          symbol = String(name.dropLast(2))
        } else if line.contains("%xmm") || line.contains("%ymm") || line.contains("%zmm") {
          functions.insert(symbol)
        }
      }
      return functions.intersection(global)
    }

    /// The symbols of functions that call one whose name begins with `prefix`.
    static func callers(of prefix: String, in module: String) throws -> Set<String> {
      var callers: Set<String> = []
      var symbol = ""
      for line in try listing(objects(of: module)).split(separator: "\n") {
        if line.hasSuffix(">:"), let name = line.split(separator: "<").last {
          symbol = String(name.dropLast(2))
        } else if line.contains("call ") && line.contains("<" + prefix) {
          callers.insert(symbol)
        }
      }
      return callers
    }

    private static func objects(of module: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(module).build")
        .filter { $0.hasSuffix(".o") }.map { "\(folder)/\(module).build/\($0)" }
    }

    private static func listing(_ objects: [String]) throws -> String {
      try runProgram("/usr/bin/env", ["objdump", "-d", "--no-show-raw-insn"] + objects).output
    }

    static func loops(of module: String) throws -> [Loop] {
      let found = try runProgram(innerLoops, objects(of: "Kernels" + module))
      guard found.status == 0 else { throw FaceqError(found.errors) }
      let loops = try JSONDecoder().decode([Loop].self, from: Data(found.output.utf8))
      let names = try demangled(Set(loops.map(\.function)).sorted())
      return loops.map { Loop(function: names[$0.function] ?? $0.function, instructions: $0.instructions) }
    }

    /// The names in the source of symbols: symbols abbreviate words that occur twice.
    private static func demangled(_ symbols: [String]) throws -> [String: String] {
      let names = try runProgram("/usr/bin/env", ["swift", "demangle", "--compact"] + symbols).output
      return Dictionary(uniqueKeysWithValues: zip(symbols, names.split(separator: "\n").map(String.init)))
    }
  }
#endif
