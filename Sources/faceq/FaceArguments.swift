import ArgumentParser
import Commands

/// The options of every command that embeds faces.
struct FaceArguments: ParsableArguments {
  @Flag(help: "Insist that every image is an aligned face of the model's size; detect nothing.")
  var aligned = false

  @OptionGroup var detection: DetectionArguments
  @OptionGroup var run: RunArguments

  var options: FaceOptions { FaceOptions(aligned: aligned, detection: detection.options, run: run.options) }
}
