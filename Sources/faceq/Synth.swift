import ArgumentParser
import Calibrate
import Commands
import QuantRuntime

struct Synth: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes a float model with stand-in weights, to try and to time things without a checkpoint.",
    discussion: """
      The weights are random, with BatchNorm statistics measured on the given faces, so that activations are realistic.
      The model was never trained: its embeddings identify nobody, and every command that uses it says so.

          faceq synth --arch ir_se50 --faces faces -o standin.gguf
      """)

  @Option(help: "The network: \(StandInArchitecture.all.map(\.name).joined(separator: ", ")).")
  var arch = "ir_se50"

  @Option(
    help: "Faces, aligned or in photos: a folder of images, or a text file with a path on each line. 256 are enough.")
  var faces: FilePath

  @Option(name: .shortAndLong, help: "The model to write (.gguf).")
  var output: FilePath

  @Option(help: "The same seed gives the same weights.")
  var seed: UInt64 = 1

  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func run() throws {
    let console = Faceq.console
    let options = runArguments.options
    guard let architecture = StandInArchitecture.all.first(where: { $0.name == arch }) else {
      let names = StandInArchitecture.all.map(\.name).joined(separator: ", ")
      throw FaceqError("there is no stand-in for \(arch); choose one of \(names)")
    }
    try checkWritable(output)
    let loader = try FaceLoader(
      input: InputFormat(channels: .bgr), mustBeAligned: aligned, detectionArguments.options, options, console)
    loader.remembersLandmarks = true
    let inputs = ImageInputs([faces])
    let paths = try inputs.all(console)
    var skipped = SkippedImages(inputs, total: paths.count, console)
    let set = try CalibrationSet(paths: paths, load: loader.pixels) { fault throws(FaceqError) in
      try skipped.skip(fault)
    }
    skipped.report(used: set.count)
    var progress: ProgressMeter?
    let (network, parameters) = try makeStandIn(
      architecture, seed: seed, faces: set, kernels: kernels(options.isa), threads: options.threadPlan()
    ) { done, total in
      if done == 0 { progress = ProgressMeter(console, total: total, noun: "block") } else { progress?.advance() }
    }
    try network.write(
      to: output,
      ModelDescription(
        architecture: architecture.name, parameters: parameters,
        source: ModelDescription.Source(name: "faceq synth --seed \(seed)", sha256: set.digest), isStandIn: true))
    try InfoCommand(model: output, json: false).run(console)
  }
}
