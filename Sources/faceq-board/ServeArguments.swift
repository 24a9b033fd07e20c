import Commands
import FaceBank
import FaceqSupport

/// `serve`.
func serve(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let (model, bank) = (try arguments.path("--model"), try arguments.path("--bank"))
  let (host, port) = (try arguments.text("--host"), try arguments.number("--port"))
  let (keys, threshold) = (try arguments.path("--api-key-file"), try arguments.decimal("--threshold"))
  var hosts: [String] = []
  while let name = try arguments.text("--allow-host") { hosts.append(name) }
  let keepsPictures = !arguments.flag("--no-pictures")
  let (body, pixels) = (try arguments.number("--max-body"), try arguments.number("--max-pixels"))
  let quality = try arguments.decimal("--quality")
  var watch = try watchOptions(&arguments, threshold: threshold)
  var options = FaceOptions(detection: try detectionOptions(&arguments), run: try runOptions(&arguments))
  options.quality = quality ?? FaceOptions.hopelessQuality
  let values = try arguments.values([], more: true)
  guard values.count <= 1 else { throw .use("\(values[1]) is too much; see --help") }
  guard let model else { throw .use("name the model with --model") }
  guard let bank else { throw .use("name the bank with --bank") }
  var command = ServeCommand(storage: BankFile(), bank: bank, model: model, options: options)
  if let source = values.first {
    watch.source = source
    command.watch = watch
  }
  command.host = host ?? command.host
  command.port = port ?? command.port
  command.keys = keys
  command.hosts = hosts
  command.threshold = threshold
  command.keepsPictures = keepsPictures
  command.maximumBody = body
  command.maximumPixels = pixels
  try succeeding { () throws(FaceqError) in try command.run(console) }
}
