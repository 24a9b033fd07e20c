import Commands
import FaceBank
import FaceqSupport

/// `watch`.
func watch(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let json = arguments.flag("--json")
  let (snapshots, program) = (try arguments.path("--snapshots"), try arguments.path("--exec"))
  let (model, bank) = (try arguments.path("--model"), try arguments.path("--bank"))
  let quality = try arguments.decimal("--quality")
  var watch = try watchOptions(&arguments, threshold: try arguments.decimal("--threshold"))
  var options = FaceOptions(detection: try detectionOptions(&arguments), run: try runOptions(&arguments))
  options.quality = quality
  watch.source = try arguments.values(["SOURCE"])[0]
  guard let model else { throw .use("name the model with --model") }
  guard let bank else { throw .use("name the bank with --bank") }
  let command = WatchCommand(
    storage: BankFile(), bank: bank, model: model, watch: watch, json: json, snapshots: snapshots, program: program,
    options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

/// How a source is watched, which is named later.
func watchOptions(_ arguments: inout Arguments, threshold: Float?) throws(BoardError) -> WatchOptions {
  WatchOptions(
    source: "-", threshold: threshold, leastViews: try arguments.number("--min-views"),
    cooldown: try arguments.decimal("--cooldown"), framesPerSecond: try arguments.decimal("--fps"),
    detectEvery: try arguments.number("--detect-every"), size: try arguments.text("--size"),
    everyFrame: arguments.flag("--every-frame"), reconnects: arguments.flag("--reconnect"))
}
