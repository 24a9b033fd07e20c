import Calibrate
import Commands
import FaceqSupport
import QuantRuntime

/// `synth`: a float model with stand-in weights.
package struct SynthCommand: Sendable {
  /// The name of a `StandInArchitecture`.
  package var architecture: String
  package var faces: ImageInputs
  /// The float model to write.
  package var output: FilePath
  /// The same seed gives the same weights.
  package var seed: UInt64
  package var options: FaceOptions

  package init(
    architecture: String, faces: ImageInputs, output: FilePath, seed: UInt64, options: FaceOptions
  ) {
    (self.architecture, self.faces, self.output, self.seed) = (architecture, faces, output, seed)
    self.options = options
  }

  package func run(_ console: Console) throws(FaceqError) {
    guard let architecture = StandInArchitecture.all.first(where: { $0.name == architecture }) else {
      let names = StandInArchitecture.all.map(\.name).joined(separator: ", ")
      throw FaceqError("there is no stand-in for \(architecture); choose one of \(names)")
    }
    try checkWritable(output)
    let reader = try FaceReader(input: StandInArchitecture.image, options, console)
    reader.remembersLandmarks = true
    let paths = try faces.all(console)
    var skipped = SkippedImages(faces, total: paths.count, console)
    let set = try CalibrationSet(paths: paths, load: reader.pixels) { fault throws(FaceqError) in
      try skipped.skip(fault)
    }
    skipped.report(used: set.count)
    var progress: ProgressMeter?
    let (graph, parameters) = try makeStandIn(
      architecture, seed: seed, faces: set, kernels: options.run.kernels(), threads: options.run.threadPlan()
    ) { done, total in
      if done == 0 { progress = ProgressMeter(console, total: total, noun: "block") } else { progress?.advance() }
    }
    try graph.write(
      to: output,
      ModelDescription(
        architecture: architecture.name, parameters: parameters,
        source: ModelDescription.Source(name: "faceq synth --seed \(seed)", sha256: set.digest), isStandIn: true))
    try InfoCommand(model: output, json: false).run(console)
  }
}
