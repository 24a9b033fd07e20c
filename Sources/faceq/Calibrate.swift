import ArgumentParser
import Calibrate
import Commands
import QuantRuntime

struct CalibrateModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Quantises a float model to int8 on your own faces, and measures the drift.",
    discussion: """
      A tenth of the faces, at least 8, is held back; the others show which values each channel takes. Then the int8 model
      itself is run on the held-back faces, and the cosine between its embeddings and the float model's is stored in it.
      Images that cannot be used are named and skipped.

          faceq calibrate float.gguf faces -o int8.gguf
      """)

  @Argument(help: "The float model.")
  var model: String

  @Argument(
    help: "Faces, aligned or in photos: folders (searched recursively), images, or text files with a path on each line."
  )
  var faces: [String]

  @Option(name: .shortAndLong, help: "The int8 model to write (.gguf).")
  var output: String

  @Option(help: "Chooses the faces that are held back.")
  var seed: UInt64 = 1

  @Option(help: "How each channel's range is chosen: \(RangeChoice.allCases.map(\.rawValue).joined(separator: ", ")).")
  var range = RangeChoice.max

  @Option(help: "With --range max: factor on the extremes, at least 1.")
  var margin = 1.2

  @Option(help: "With --range percentile: how many percent of the values must be inside, above 50 and at most 100.")
  var percentile = 99.99

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  enum RangeChoice: String, ExpressibleByArgument, CaseIterable { case error, percentile, max }

  func validate() throws {
    guard percentile > 50, percentile <= 100 else {
      throw ValidationError("The percentile must be above 50 and at most 100.")
    }
    guard margin >= 1, margin <= 16 else { throw ValidationError("The margin must be 1 to 16.") }
  }

  func run() throws {
    let console = Faceq.console
    let options = runArguments.options
    let model = try openModel(model, console)
    try refuseToOverwrite(model.path, with: output)
    try checkWritable(output)
    let loader = try FaceLoader(
      input: model.input, mustBeAligned: aligned, detectionArguments.options, options, console)
    let paths = try expandImagePaths(faces)
    let set = CalibrationSet(paths: paths, load: loader.pixels) { console.note("\($0.message); skipped") }
    let calibration = try Calibration(
      model, faces: set, seed: seed, recipe: CalibrationRecipe(range: rangeSearch), kernels: kernels(options.isa),
      threads: options.threadPlan())
    var progress = ProgressMeter(console, total: calibration.imageRuns)
    let (network, description) = try calibration.run(tool: "faceq \(faceqVersion)", imagesDigest: set.digest) {
      progress.advance()
    }
    try network.write(to: output, description)
    try InfoCommand(model: output, json: false).run(console)
    if set.count < paths.count { console.note("skipped \(paths.count - set.count) of \(paths.count) images") }
  }

  private var rangeSearch: any RangeSearch {
    switch range {
    case .error: MinimumErrorRange()
    case .percentile: PercentileRange(percentile: percentile)
    case .max: MaximumRange(margin: margin)
    }
  }
}
