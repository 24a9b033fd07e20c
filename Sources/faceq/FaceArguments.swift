import ArgumentParser
import Commands

/// The option of commands that keep or judge people by their faces.
struct QualityArguments: ParsableArguments {
  @Option(help: "The quality that a face in a photo must have, 0 to 1, as detect --json tells it.")
  var quality: Float = FaceOptions.hopelessQuality
}

/// The options of every command that embeds faces.
struct FaceArguments: ParsableArguments {
  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detection: DetectionArguments
  @OptionGroup var run: RunArguments

  /// These options, with a quality that faces must have.
  func options(_ quality: QualityArguments) -> FaceOptions {
    var options = options
    options.quality = quality.quality
    return options
  }

  var options: FaceOptions { FaceOptions(aligned: aligned, detection: detection.options, run: run.options) }
}
