import Commands
import FaceImages
import FaceqSupport

/// `detect`.
func detect(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let json = arguments.flag("--json")
  let drawing = try arguments.path("--draw")
  let detection = try detectionOptions(&arguments)
  let options = try runOptions(&arguments)
  let photos = try images(&arguments)
  let command = DetectCommand(photos: photos, json: json, drawing: drawing, detection: detection, options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

/// `align`.
func align(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let folder = try arguments.path("-o", "--output")
  let landmarks = try arguments.decimals("--landmarks", count: 10)
  let variations = try arguments.number("--variations") ?? 0
  let detection = try detectionOptions(&arguments)
  let options = try runOptions(&arguments)
  let photos = try images(&arguments)
  guard let folder else { throw .use("name the folder for the faces with -o") }
  guard landmarks?.allSatisfy({ abs($0) < 1e6 }) ?? true else {
    throw .use("--landmarks are pixels of the photo, below a million")
  }
  let points = landmarks.map { numbers in
    stride(from: 0, to: 10, by: 2).map { Point(x: numbers[$0], y: numbers[$0 + 1]) }
  }
  let command = AlignCommand(
    photos: photos, folder: folder, landmarks: points, variations: variations, detection: detection, options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

/// The photos of a command whose only values are photos.
private func images(_ arguments: inout Arguments) throws(BoardError) -> ImageInputs {
  let inputs = try imageInputs(&arguments)
  return inputs.with(try arguments.values(inputs.list == nil ? ["PHOTO"] : [], more: true))
}

/// Which images a command goes through, besides those that are named.
func imageInputs(_ arguments: inout Arguments) throws(BoardError) -> ImageInputs {
  let isStrict = arguments.flag("--strict")
  let hasZeros = arguments.flag("-0") || arguments.flag("--null")
  let list = try arguments.path("--list").map { ImageInputs.List(path: $0, hasZeros: hasZeros) }
  guard list != nil || !hasZeros else { throw .use("-0 is about the paths of --list; name a list") }
  return ImageInputs([], list: list, isStrict: isStrict)
}

/// The options of every command that embeds faces.
func faceOptions(_ arguments: inout Arguments) throws(BoardError) -> FaceOptions {
  FaceOptions(
    aligned: arguments.flag("--aligned"), detection: try detectionOptions(&arguments),
    run: try runOptions(&arguments))
}

/// The options of every command that takes photos.
func detectionOptions(_ arguments: inout Arguments) throws(BoardError) -> DetectionOptions {
  DetectionOptions(
    detector: try arguments.path("--detector"), thresholds: try arguments.decimals("--thresholds", count: 3),
    score: try arguments.decimal("--score"), overlap: try arguments.decimal("--nms"),
    minimumFace: try arguments.number("--minimum-face"), allowsCutOff: arguments.flag("--allow-cut-off"),
    isVerbose: arguments.flag("--verbose"))
}
