import TestSupport
import Testing

/// The model of commands that need none named.
@Suite(.enabled(if: hasNumPy, Comment(rawValue: numPyMissing)))
struct ModelChoiceTests {
  let bench: Bench

  init() throws { bench = try Workshop.shared.get().bench() }

  @Test func environmentNamesOne() throws {
    let named = try bench.faceq("compare", "face1.jpg", "face2.jpg", "--model", "se.gguf")
    let chosen = try bench.faceq(["compare", "face1.jpg", "face2.jpg"], environment: ["FACEQ_MODEL": "se.gguf"])
    #expect(named.status == 0 && chosen.status == 0)
    #expect(chosen.output == named.output && chosen.errors == "")
  }

  /// The tests' program lies in the clone's .build, beside Models.
  @Test func theOneForTryingIsSaid() throws {
    for arguments in [
      ["enroll", "people.bank", "Ada", "face1.jpg"], ["identify", "people.bank", "face1.jpg"],
      ["compare", "face1.jpg", "face2.jpg"],
    ] {
      let result = try bench.faceq(arguments, environment: ["FACEQ_MODEL": ""])
      #expect(result.status == 0)
      #expect(result.errorLines.count == 1 && result.errors.contains("/Models/ir_se50_narrow.int8.gguf is taken"))
    }
  }

  @Test func modelAmongImagesIsAdvisedAbout() throws {
    let result = try bench.faceq("compare", "se.gguf", "face1.jpg", "face2.jpg")
    #expect(result.status == 1 && result.errorLines.count == 1 && result.errors.contains("write --model before it"))
  }

  @Test func versionTellsRevisionAndInstructionSets() throws {
    let result = try bench.faceq(["--version"], environment: ["FACEQ_REVISION": "0a1b2c"])
    #expect(result.status == 0 && result.output.contains(" (revision 0a1b2c; instruction sets portable"))
  }

  @Test func kernelsAreRight() throws {
    let result = try bench.faceq("check-kernels")
    #expect(result.status == 0 && result.output.contains("OK") && !result.output.contains("FAILED"))
  }
}
