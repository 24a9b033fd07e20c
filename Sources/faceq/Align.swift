import ArgumentParser
import Commands
import FaceImages
import FaceqSupport

struct Align: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cuts the faces out of photos, aligned for a model.",
    discussion: """
      Writes each face as a PNG of 112×112 pixels, NAME-1.png being the largest; no file is replaced. Faces that are too \
      small, cut off or distorted are named and left out. The folders that photos are in are made in the output, too: of \
      ada/1.jpg and bob/1.jpg it gets ada/1-1.png and bob/1-1.png.

          faceq align portraits -o faces --variations 20
      """)

  @Argument(help: "Photos, folders of photos, or text files with a path on each line.")
  var photos: [FilePath] = []

  @Option(name: .shortAndLong, help: "The folder for the faces; made where it does not exist.")
  var output: FilePath

  @Option(
    help: """
      Landmarks of the one face in one photo instead of detecting it: x and y of the left eye, the right eye, the nose, the \
      left and the right corner of the mouth, as ten numbers with commas between them.
      """)
  var landmarks: String?

  @Option(
    help: """
      Besides each face, write so many of it that are slightly shifted, turned, scaled, brightened or mirrored, as \
      NAME-1-v01.png: a few portraits then make a small calibration set.
      """)
  var variations = 0

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var strictArguments: StrictArguments
  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func validate() throws {
    try listArguments.check(photos)
    if let landmarks, points == nil {
      throw ValidationError("'\(landmarks)' is not ten numbers with commas between them.")
    }
  }

  private var points: [Point]? {
    guard let numbers = landmarks.flatMap(commaSeparatedNumbers), numbers.count == 10,
      numbers.allSatisfy({ abs($0) < 1e6 })
    else { return nil }
    return stride(from: 0, to: 10, by: 2).map { Point(x: numbers[$0], y: numbers[$0 + 1]) }
  }

  func run() throws {
    try AlignCommand(
      photos: listArguments.inputs(photos, isStrict: strictArguments.strict), folder: output, landmarks: points,
      variations: variations,
      detection: detectionArguments.options, options: runArguments.options
    ).run(Faceq.console)
  }
}
