import ArgumentParser
import Commands
import FaceBankDatabase
import FaceqSupport

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells who comes into view of a camera.",
    discussion: """
      Follows faces through the frames of a source and prints one line for each visit: who it is, or that it is a \
      stranger. A source is a camera's device, - for MJPEG on standard input, the address of an MJPEG stream, a file with \
      MJPEG in it, or a folder or a list of pictures. Ctrl-C ends it.

          faceq watch /dev/video0 --model int8.gguf --bank people.bank
          rpicam-vid -t 0 --codec mjpeg -o - | faceq watch - --model int8.gguf --bank people.bank --json
      """)

  @Argument(help: "A camera's device, - for standard input, http://ADDRESS:PORT/PATH, a file, a folder or a list.")
  var source: FilePath

  @Option(help: "The model that the bank was made with.")
  var model: FilePath

  @Option(help: "The bank with the people to recognise. Where it is changed meanwhile, it is read again.")
  var bank: FilePath

  @Flag(help: "Print each event as a JSON object in one line.")
  var json = false

  @Option(help: "Keep a picture of each visit in a folder, of the last 1000, or of fewer that have 256 MiB.")
  var snapshots: FilePath?

  @Option(help: "A shell's command to run for each event, which gets the JSON on its standard input.")
  var exec: FilePath?

  @Option(help: "The smallest cosine that identifies a person, -1 to 1: 0.4 unless given.")
  var threshold: Float?

  @OptionGroup var watching: WatchArguments

  @Option(help: "The quality that a view of a face must have, 0 to 1, as detect --json tells it: 0.3 unless given.")
  var quality: Float?

  @OptionGroup var detectionArguments: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func run() throws {
    var options = FaceOptions(detection: detectionArguments.options, run: runArguments.options)
    options.quality = quality
    try WatchCommand(
      storage: BankDatabase(), bank: bank, model: model, watch: watching.options(source, threshold: threshold),
      json: json,
      snapshots: snapshots, program: exec, options: options
    ).run(Faceq.console)
  }
}
