import ArgumentParser
import Commands
import FaceBankDatabase
import FaceqSupport

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answers HTTP: detects, embeds, compares and identifies faces, and keeps people in a bank.",
    discussion: """
      Listens on this machine alone, at http://127.0.0.1:8765, unless told otherwise; its paths are described at \
      /v1/openapi.json. Clients of CompreFace, DeepStack and Immich are answered, too. docs/using/service.md says more.

          faceq serve --model int8.gguf --detector detector.gguf --bank people.bank
          faceq serve /dev/video0 --reconnect --model int8.gguf --bank people.bank

      A photo that is held up to a camera is accepted as the face that it shows: no lock should hang on this alone.
      """)

  @Argument(help: "What to watch besides: a source as watch takes it.")
  var source: FilePath?

  @Option(help: "A float or int8 model.")
  var model: FilePath

  @Option(help: "The bank, which the first person who is added makes where there is none.")
  var bank: FilePath

  @Option(help: "The address to listen on. Any but a loopback address needs --api-key-file.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes one that is free.")
  var port = 8765

  @Option(help: "A file with a key of at least 16 characters on each line, which requests must bring.")
  var apiKeyFile: FilePath?

  @Option(help: "A name that the service is asked by, besides this machine's; may be given several times.")
  var allowHost: [String] = []

  @Option(help: "The smallest cosine that identifies a person, -1 to 1: 0.4 unless given.")
  var threshold: Float?

  @Flag(help: "Keep embeddings only, and no pictures of faces.")
  var noPictures = false

  @Option(help: "The largest request, in MB: 20 unless given.")
  var maxBody: Int?

  @Option(help: "The largest photo, in millions of pixels: 24 unless given.")
  var maxPixels: Int?

  @OptionGroup var watching: WatchArguments
  @OptionGroup var qualityArguments: QualityArguments
  @OptionGroup var detection: DetectionArguments
  @OptionGroup var runArguments: RunArguments

  func run() throws {
    var options = FaceOptions(detection: detection.options, run: runArguments.options)
    options.quality = qualityArguments.quality
    var command = ServeCommand(storage: BankDatabase(), bank: bank, model: model, options: options)
    command.watch = source.map { watching.options($0, threshold: threshold) }
    command.host = host
    command.port = port
    command.keys = apiKeyFile
    command.hosts = allowHost
    command.threshold = threshold
    command.keepsPictures = !noPictures
    command.maximumBody = maxBody
    command.maximumPixels = maxPixels
    try command.run(Faceq.console)
  }
}
