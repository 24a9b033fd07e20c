import ArgumentParser
import Commands
import FaceBank
import FaceBankDatabase
import FaceqSupport

struct Enroll: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Adds photos of a person to a bank.",
    discussion: """
      The bank is made where there is none, for this model only. Of a photo the largest face is taken; several photos of a \
      person make a better template than one.

          faceq enroll people.bank Ada ada1.jpg ada2.jpg --model int8.gguf

      A folder in place of the name enrols everybody who has a subfolder in it, under the subfolder's name:

          faceq enroll people.bank people --model int8.gguf       # people/Ada/1.jpg, people/Bob/1.jpg, …

      Photos that are unlike the others of their person, or much like somebody else, are named in warnings.
      """)

  @Argument(help: "The bank.")
  var bank: FilePath

  @Argument(help: "The person's name, or a folder with a subfolder of photos for each person.")
  var name: FilePath

  @Argument(help: "Photos or aligned faces of the person, or folders of them.")
  var photos: [FilePath] = []

  @OptionGroup var modelArguments: ModelArguments

  @Flag(help: "Keep only the embeddings, and no picture of each aligned face (about 5 KB, for people to look at).")
  var noPictures = false

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var strictArguments: StrictArguments
  @OptionGroup var qualityArguments: QualityArguments
  @OptionGroup var faceArguments: FaceArguments

  func run() throws {
    let isStrict = strictArguments.strict
    let people: EnrollCommand<BankDatabase>.People =
      photos.isEmpty && listArguments.list == nil
      ? .folder(name, isStrict: isStrict)
      : .one(try PersonName(bytes: name.bytes), listArguments.inputs(photos, isStrict: isStrict))
    try EnrollCommand(
      storage: BankDatabase(), bank: bank, people: people, model: modelArguments.model, keepsPictures: !noPictures,
      options: faceArguments.options(qualityArguments)
    ).run(Faceq.console)
  }
}
