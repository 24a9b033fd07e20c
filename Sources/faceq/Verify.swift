import ArgumentParser
import Commands
import FaceqSupport

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how well a model tells people apart.",
    discussion: """
      Prints, for a list of pairs of faces: the accuracy with thresholds chosen on other pairs (10-fold), the area under \
      the ROC curve, the equal error rate, and how many pairs of one person are accepted (TAR) at thresholds that accept \
      few pairs of different persons (FAR). In brackets: the range that holds the true value with 95 % confidence. With \
      --against also which decisions flip.

          faceq verify int8.gguf pairs.csv --root faces --against float.gguf
          faceq verify int8.gguf pairs.txt --root lfw
      """)

  @Argument(help: "A float or int8 model.")
  var model: FilePath

  @Argument(
    help: """
      A CSV file with the first line left,right,same; same is 1 for the same person, 0 for different ones. Or a list as \
      LFW's pairs.txt: name, number, number, or name, number, name, number.
      """)
  var pairs: FilePath

  @Option(help: "The folder that the paths in the list are relative to.")
  var root: FilePath

  @Option(help: "Another model to compare with: the float one that the int8 model was made from.")
  var against: FilePath?

  @Option(help: "Also print the threshold for this share of accepted pairs of different persons, 0.0001 for instance.")
  var far: Double?

  @Flag(help: "Print JSON, with every pair's cosine.")
  var json = false

  @OptionGroup var faceArguments: FaceArguments

  func run() throws {
    try VerifyCommand(
      model: model, pairs: pairs, root: root, against: against, json: json, falseAcceptRate: far,
      options: faceArguments.options
    ).run(Faceq.console)
  }
}
