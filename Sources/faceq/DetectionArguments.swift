import ArgumentParser
import Commands
import FaceqSupport

/// The options of every command that takes photos.
struct DetectionArguments: ParsableArguments {
  @Option(
    help: """
      The face detector. $FACEQ_DETECTOR, else $XDG_DATA_HOME/faceq/detector.gguf (XDG_DATA_HOME is ~/.local/share where \
      it is not set), unless given.
      """)
  var detector: FilePath?

  @Option(help: "What a face must reach in MTCNN's three networks, 0.1 to 1: 0.6,0.7,0.8 unless given.")
  var thresholds: String?

  @Option(
    help: """
      The score that a face must reach with a detector that is one network, 0.01 to 1; the detector's own unless given.
      """)
  var score: Float?

  @Option(
    help: """
      How much a face may overlap a better one with a detector that is one network, 0 to 1; the detector's own unless \
      given.
      """)
  var nms: Float?

  @Option(
    help: """
      The smallest face to look for, in pixels. Unless given it is what a detector that is one network finds in a photo of \
      up to 1280×960, and for MTCNN 20, or a fiftieth of a photo's shorter side.
      """)
  var minimumFace: Int?

  @Flag(help: "Use faces that the picture's edge cuts off, tight crops for instance, with black for what is missing.")
  var allowCutOff = false

  @Flag(help: "Tell what is odd in image files that can be read nevertheless.")
  var verbose = false

  func validate() throws {
    if let thresholds, thresholdValues?.count != 3 {
      throw ValidationError("'\(thresholds)' is not three numbers with commas between them.")
    }
  }

  private var thresholdValues: [Float]? { thresholds.flatMap(commaSeparatedNumbers) }

  var options: DetectionOptions {
    DetectionOptions(
      detector: detector, thresholds: thresholdValues, score: score, overlap: nms, minimumFace: minimumFace,
      allowsCutOff: allowCutOff, isVerbose: verbose)
  }
}

/// The numbers in `text`, which has commas between them; nil where one of them is not a number.
func commaSeparatedNumbers(_ text: String) -> [Float]? {
  let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
    Float($0.trimmingPrefix { $0 == " " })
  }
  let valid = numbers.compactMap { $0 }
  return valid.count == numbers.count ? valid : nil
}
