import Commands
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Does what the words of the command line say.
func runCommand(_ words: [FilePath], _ console: Console) throws(BoardError) {
  guard let name = words.first else { throw .use("a command is missing; see faceq-board --help") }
  let options = words.prefix { $0 != "--" }
  if options.contains("--help") || options.contains("-h") {
    return try succeeding { () throws(FaceqError) in try console.print(helpText) }
  }
  var arguments = Arguments(Array(words.dropFirst()))
  switch name.description {
  case "detect": try detect(&arguments, console)
  case "align": try align(&arguments, console)
  case "embed": try embed(&arguments, console)
  case "compare": try compare(&arguments, console)
  case "enroll": try enroll(&arguments, console)
  case "identify": try identify(&arguments, console)
  case "bank": try bank(&arguments, console)
  case "watch": try watch(&arguments, console)
  case "serve": try serve(&arguments, console)
  case "bench": try bench(&arguments, console)
  case "pack": try pack(&arguments, console)
  case "tune": try tune(&arguments, console)
  case "drift": try drift(&arguments, console)
  case "info": try info(&arguments, console)
  case "selftest": try selfTest(&arguments, console)
  case "isa": try listInstructionSets(&arguments, console)
  case "check-kernels":
    _ = try arguments.values([])
    try succeeding { () throws(FaceqError) in try CheckKernelsCommand().run(console) }
  case "--version": try succeeding { () throws(FaceqError) in try console.print(versionText()) }
  default: throw .use("there is no command \(name); see faceq-board --help")
  }
}

/// Runs what fails with the runtime's error.
func succeeding(_ body: () throws(FaceqError) -> Void) throws(BoardError) {
  do { try body() } catch { throw .failure(error) }
}

private func embed(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let flip = arguments.flag("--flip")
  let path = try arguments.path("-o", "--output")
  let (json, csv) = (arguments.flag("--json"), arguments.flag("--csv"))
  let allFaces = arguments.flag("--all-faces")
  let options = try faceOptions(&arguments)
  let inputs = try imageInputs(&arguments)
  let values = try arguments.values(inputs.list == nil ? ["MODEL", "IMAGE"] : ["MODEL"], more: true)
  guard [path != nil, json, csv].count(where: { $0 }) <= 1 else {
    throw .use("choose one of --output, --json and --csv")
  }
  let output: EmbedCommand.Output =
    if let path { .npy(path: path) } else if json { .json } else if csv { .csv } else { .summary }
  let command = EmbedCommand(
    model: values[0], images: inputs.with(Array(values.dropFirst())), flip: flip, output: output,
    allFaces: allFaces, options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

private func compare(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let json = arguments.flag("--json")
  let threshold = try arguments.decimal("--threshold")
  let model = try arguments.path("--model")
  let options = try faceOptions(&arguments)
  let command = CompareCommand(
    model: model, images: try arguments.values(["IMAGE"], more: true), json: json, threshold: threshold,
    options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

private func bench(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let (json, layers) = (arguments.flag("--json"), arguments.flag("--layers"))
  let (runs, minutes) = (try arguments.number("--runs"), try arguments.number("--minutes"))
  let (reference, sizes) = (try arguments.path("--compare"), try arguments.text("--size"))
  let options = try runOptions(&arguments)
  let values = try arguments.values(["MODEL"])
  let command = BenchCommand(
    model: values[0], reference: reference, layers: layers, sizes: sizes, runs: runs, minutes: minutes, json: json,
    options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

private func pack(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let isa = try arguments.text("--isa")
  let output = try arguments.path("-o", "--output")
  let values = try arguments.values(["MODEL"])
  guard let isa else { throw .use("say for which instruction set with --isa; see --help") }
  guard let output else { throw .use("name the packed model with -o; see --help") }
  try succeeding { () throws(FaceqError) in try PackCommand(model: values[0], isa: isa, output: output).run(console) }
}

private func tune(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let options = try runOptions(&arguments)
  let command = TuneCommand(model: try arguments.values(["MODEL"])[0], options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

private func drift(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let json = arguments.flag("--json")
  let minimumCosine = try arguments.decimal("--min-cosine")
  let options = try faceOptions(&arguments)
  let inputs = try imageInputs(&arguments)
  let names = ["REFERENCE", "MODEL"] + (inputs.list == nil ? ["FACES"] : [])
  let values = try arguments.values(names, more: inputs.list == nil)
  let command = DriftCommand(
    reference: values[0], model: values[1], faces: inputs.with(Array(values.dropFirst(2))), json: json,
    minimumCosine: minimumCosine, options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

private func info(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let json = arguments.flag("--json")
  let command = InfoCommand(model: try arguments.values(["MODEL"])[0], json: json)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

private func selfTest(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let options = try runOptions(&arguments)
  let command = SelfTestCommand(model: try arguments.values(["MODEL"])[0], options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

private func listInstructionSets(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  _ = try arguments.values([])
  let names = availableInstructionSets().map { $0.rawValue }
  try succeeding { () throws(FaceqError) in try console.print(names.joined(separator: "\n")) }
}

func runOptions(_ arguments: inout Arguments) throws(BoardError) -> RunOptions {
  RunOptions(
    isa: try arguments.text("--isa"), threads: try arguments.number("--threads"),
    cores: try arguments.text("--cores"), winograd: try arguments.text("--winograd"))
}
