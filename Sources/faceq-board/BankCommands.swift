import Commands
import FaceBank
import FaceqSupport

/// `enroll`.
func enroll(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let keepsPictures = !arguments.flag("--no-pictures")
  let model = try arguments.path("--model")
  let options = try options(&arguments)
  let inputs = try imageInputs(&arguments)
  let values = try arguments.values(["BANK", "NAME or FOLDER"], more: true)
  let photos = Array(values.dropFirst(2))
  let people: EnrollCommand<BankFile>.People =
    photos.isEmpty && inputs.list == nil
    ? .folder(values[1], isStrict: inputs.isStrict) : .one(try person(values[1]), inputs.with(photos))
  let command = EnrollCommand(
    storage: BankFile(), bank: values[0], people: people, model: model, keepsPictures: keepsPictures,
    options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

/// `identify`.
func identify(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let (allFaces, json) = (arguments.flag("--all-faces"), arguments.flag("--json"))
  let model = try arguments.path("--model")
  let threshold = try arguments.decimal("--threshold")
  let options = try options(&arguments)
  let inputs = try imageInputs(&arguments)
  let values = try arguments.values(inputs.list == nil ? ["BANK", "PHOTO"] : ["BANK"], more: true)
  let command = IdentifyCommand(
    storage: BankFile(), bank: values[0], photos: inputs.with(Array(values.dropFirst())), model: model,
    threshold: threshold, json: json, allFaces: allFaces, options: options)
  try succeeding { () throws(FaceqError) in try command.run(console) }
}

/// `bank list`, `bank rename` and `bank remove`.
func bank(_ arguments: inout Arguments, _ console: Console) throws(BoardError) {
  let (json, merging) = (arguments.flag("--json"), arguments.flag("--merge"))
  let face = try arguments.number("--face")
  let values = try arguments.values(["list, rename or remove", "BANK"], more: true)
  let (path, storage) = (values[1], BankFile())
  switch (values[0].description, values.count, face) {
  case ("list", 2, nil):
    try succeeding { () throws(FaceqError) in try listBank(storage, path, json: json, console) }
  case ("list", 3, nil):
    let name = try person(values[2])
    try succeeding { () throws(FaceqError) in try listBank(storage, path, person: name, json: json, console) }
  case ("rename", 4, nil):
    let (name, newName) = (try person(values[2]), try person(values[3]))
    try succeeding { () throws(FaceqError) in
      try renameInBank(storage, path, person: name, to: newName, merging: merging, console)
    }
  case ("remove", 3, nil):
    let name = try person(values[2])
    try succeeding { () throws(FaceqError) in try removeFromBank(storage, path, person: name, console) }
  case ("remove", 2, let face?):
    try succeeding { () throws(FaceqError) in try removeFromBank(storage, path, face: face, console) }
  default:
    throw .use(
      "write bank list BANK [NAME], bank rename BANK NAME NEW-NAME, bank remove BANK NAME or bank remove BANK --face N")
  }
}

/// The options of commands that keep or judge people by their faces.
private func options(_ arguments: inout Arguments) throws(BoardError) -> FaceOptions {
  let quality = try arguments.decimal("--quality")
  var options = try faceOptions(&arguments)
  options.quality = quality ?? FaceOptions.hopelessQuality
  return options
}

private func person(_ word: FilePath) throws(BoardError) -> PersonName {
  do { return try PersonName(bytes: word.bytes) } catch { throw .failure(error) }
}
