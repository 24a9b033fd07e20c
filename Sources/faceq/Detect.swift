import ArgumentParser
import Commands
import FaceqSupport

struct Detect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds the faces in photos.",
    discussion: """
      Prints each face's score and box (left, top, right, bottom, in pixels counted from 0), largest first; with --json \
      also its landmarks (left eye, right eye, nose, left and right corner of the mouth). Exits with 1 where there is \
      none in any photo.

          faceq detect group.jpg --draw found.jpg
      """)

  @Argument(help: "Photos, folders of photos, or text files with a path on each line.")
  var photos: [FilePath] = []

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: "Write the photo with its faces marked, as a .jpg or .png.")
  var draw: FilePath?

  @OptionGroup var listArguments: ListArguments
  @OptionGroup var strictArguments: StrictArguments
  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func validate() throws { try listArguments.check(photos) }

  func run() throws {
    try DetectCommand(
      photos: listArguments.inputs(photos, isStrict: strictArguments.strict), json: json, drawing: draw,
      detection: detectionArguments.options, options: runArguments.options
    ).run(Faceq.console)
  }
}
