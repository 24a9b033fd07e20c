import ArgumentParser
import Commands
import QuantRuntime
import Report

struct Drift: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how far an int8 model is from the float model that it was made from.",
    discussion: """
      Prints the cosine between both models' embeddings: mean, median, 5th and 1st percentile, minimum and its image; and \
      the signal-to-noise ratio behind every block of the network. Images that cannot be read are named and skipped. \
      Exits with 1 where the 1st percentile is below --min-cosine. What makes the faces or the models suspect is a warning, \
      or with --strict an error.

          faceq drift float.gguf int8.gguf faces --min-cosine 0.99
          faceq drift float.gguf int8.gguf faces --report report.html
      """)

  @Argument(help: "The float model, or a .npy file with its embeddings of the same faces.")
  var reference: FilePath

  @Argument(help: "The int8 model.")
  var model: FilePath

  @Argument(help: "Faces, aligned or in photos: folders of images, images, or text files with a path on each line.")
  var faces: [FilePath] = []

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "The smallest 1st percentile that is good enough, -1 to 1.")
  var minCosine: Float?

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var reportArguments: ReportArguments

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func validate() throws { try listArguments.check(faces) }

  func run() throws {
    let console = Faceq.console
    let options = runArguments.options
    try reportArguments.check(inputs: [reference, model])
    let command = DriftCommand(
      reference: reference, model: model,
      faces: listArguments.inputs(faces, isStrict: reportArguments.strict), json: json, minimumCosine: minCosine,
      aligned: aligned,
      detection: detectionArguments.options, options: options)
    var measured = try command.measure(console, keepsEmbeddings: reportArguments.report != nil)
    let examiner = Examiner(
      float: measured.reference, int8: measured.model, faces: measured.paths, options: options,
      console: console, pixels: measured.pixels)
    let examination = try examiner.examine(forReport: reportArguments.report != nil)
    measured.warnings = examination.findings.map(\.line)
    try reportArguments.announce(examination.findings, console)
    if let path = reportArguments.report {
      var report = QualityReport(
        model: measured.model, modelName: model.description, referenceName: reference.description,
        referenceDigest: measured.reference?.digest,
        facesName:
          "the faces in \((faces + (listArguments.list.map { [$0] } ?? [])).map(\.description).joined(separator: ", "))",
        faces: zip(measured.paths, measured.embeddings).map {
          QualityReport.Face(path: $0, reference: $1.reference, embedding: $1.model)
        }, tool: "faceq \(faceqVersion)")
      report.skipped = measured.skipped
      report.gate = minCosine
      try examiner.complete(&report, with: examination)
      try report.write(to: path)
    }
    try command.report(measured, console)
  }
}
