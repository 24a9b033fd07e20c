import FaceqSupport

/// The model to run where none need be named: `named`, else that of `FACEQ_MODEL`, else the small one for trying that
/// comes with faceq, which the user is told of.
func chosenModel(_ named: FilePath?, _ console: Console) throws(FaceqError) -> FilePath {
  if let named { return named }
  if let stated = environmentPath("FACEQ_MODEL") { return stated }
  guard let model = try modelForTrying() else {
    throw FaceqError("no model is named, and none for trying came with this program; name one with --model")
  }
  console.note("--model names none, so \(model) is taken: a small network for trying")
  return model
}

/// The model of `Models`, beside an installed program or in the clone in which the program was built.
private func modelForTrying() throws(FaceqError) -> FilePath? {
  guard let program = FilePath("/proc/self/exe").resolved else { return nil }
  let name = "ir_se50_narrow.int8.gguf"
  let installed = program.folder.folder.appending("/share/faceq/" + name)
  if try fileExists(installed) { return installed }
  var folder = program.folder
  while !folder.name.starts(with: ".build".utf8) {
    guard folder.bytes.count > 2 else { return nil }
    folder = folder.folder
  }
  let built = folder.folder.appending("/Models/" + name)
  return try fileExists(built) ? built : nil
}
