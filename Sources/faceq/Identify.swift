import ArgumentParser
import Commands
import FaceBankDatabase
import FaceqSupport

struct Identify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says who in a bank the faces in photos are.",
    discussion: """
      Prints the most similar person with the cosine, the runner-up and the margin between them, or unknown where the cosine \
      is below the threshold. faceq verify --far finds the threshold for a model.

          faceq identify people.bank door.jpg --model int8.gguf
      """)

  @Argument(help: "The bank.")
  var bank: FilePath

  @Argument(help: "Photos or aligned faces, or folders of them.")
  var photos: [FilePath] = []

  @OptionGroup var modelArguments: ModelArguments

  @Option(help: "The smallest cosine that identifies a person, -1 to 1: 0.4 unless given.")
  var threshold: Float?

  @Flag(help: "Identify all faces of every photo, largest first, not only the largest.")
  var allFaces = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var strictArguments: StrictArguments
  @OptionGroup var qualityArguments: QualityArguments
  @OptionGroup var faceArguments: FaceArguments

  func validate() throws { try listArguments.check(photos) }

  func run() throws {
    try IdentifyCommand(
      storage: BankDatabase(), bank: bank, photos: listArguments.inputs(photos, isStrict: strictArguments.strict),
      model: modelArguments.model, threshold: threshold, json: json,
      allFaces: allFaces, options: faceArguments.options(qualityArguments)
    ).run(Faceq.console)
  }
}
