import ArgumentParser
import Commands
import FaceBankDatabase
import QuantRuntime

struct Enroll: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Adds photos of a person to a bank.",
    discussion: """
      The bank is made where there is none, for this model only. Of a photo the largest face is taken; several photos of a \
      person make a better template than one.

          faceq enroll people.bank Ada ada1.jpg ada2.jpg --model int8.gguf
      """)

  @Argument(help: "The bank.")
  var bank: FilePath

  @Argument(help: "The person's name.")
  var name: String

  @Argument(help: "Photos or aligned faces of the person, or folders of them.")
  var photos: [FilePath]

  @Option(help: "A float or int8 model.")
  var model: FilePath

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func run() throws {
    try EnrollCommand(
      storage: BankDatabase(), bank: bank, person: name, photos: photos, model: model, aligned: aligned,
      detection: detectionArguments.options, options: runArguments.options
    ).run(Faceq.console)
  }
}
