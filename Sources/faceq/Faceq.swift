import ArgumentParser
import Commands
import FaceqSupport

/// The command line: every subcommand is a file of its own beside this one.
@main
struct Faceq: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faceq",
    abstract: "Turns a trained face-embedding network into int8, runs it, and measures how far it drifts.",
    discussion: """
      The way from a checkpoint to an int8 model:

          faceq import model_ir_se50.pth -o float.gguf
          faceq calibrate float.gguf faces -o int8.gguf
          faceq drift float.gguf int8.gguf other_faces

      Wherever faces are wanted, give aligned pictures of the model's size (112×112) or any photos, JPEG or PNG; in photos \
      the largest face is detected and aligned (scripts/fetch-detector gets the detector). Where a folder is named, all \
      images below it are meant. \
      FACEQ_ISA names the instruction set where --isa does not.
      """,
    version: versionText(),
    subcommands: [
      Import.self, CalibrateModel.self, Drift.self, Info.self, Detect.self, Align.self, Verify.self, Embed.self,
      Compare.self, Enroll.self, Identify.self, Bank.self, Watch.self, Serve.self, Bench.self, Tune.self, Pack.self,
      SelfTest.self, CheckKernels.self, Synth.self,
    ])

  static let console = Console(program: "faceq")

  /// Failures are one line and exit status 1; mistakes on the command line are ArgumentParser's, with status 64.
  static func main() {
    let words = RawArguments.words
    if let complaint = DashedFiles.complaint(words) {
      console.printError(complaint)
      exit(withError: ExitCode.validationFailure)
    }
    do {
      var command = try parseAsRoot(words)
      try command.run()
    } catch let error as FaceqError {
      console.note(error.message)
      exit(withError: ExitCode.failure)
    } catch {
      let code = exitCode(for: error)
      guard !code.isSuccess else { exit(withError: error) }
      console.printError(RawArguments.shown(fullMessage(for: error)))
      if let advice = DashedFiles.advice(words) { console.printError(advice) }
      exit(withError: code)
    }
  }
}
