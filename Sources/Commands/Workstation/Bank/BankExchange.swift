import Commands
import FaceBank
import FaceBankDatabase
import FaceqSupport
import QuantRuntime

/// What `bank export` can write.
package enum BankFormat: String, CaseIterable, Sendable {
  /// The file of faceq-board.
  case board
  /// NumPy rows, one for each photo, with the people's names beside them, one a line, in a file that ends in .names.
  case npy
  /// A row for each person, as PostgreSQL copies them into a table for pgvector.
  case pgvector
  /// The people ready to be searched, without their faces.
  case gallery

  /// The format that a file's name stands for: .npy for NumPy rows, all others for the board's file.
  init(of path: FilePath) { self = path.hasSuffix(".npy") ? .npy : .board }
}

/// `bank export`: writes a bank in another form.
///
/// - Parameter format: nil where the output's name says it.
package func exportBank<Storage: BankStorage>(
  _ storage: Storage, _ path: FilePath, to output: FilePath, format: BankFormat? = nil, _ console: Console
) throws(FaceqError) {
  try refuseToOverwrite(path, with: output)
  let format = format ?? BankFormat(of: output)
  let bank = try storage.existingBank(at: path, pictures: format == .board)
  switch format {
  case .board:
    try BankFile().write(bank, to: output)
    try console.print("\(output): \(contentsText(bank))")
  case .npy:
    guard let names = namesPath(output) else {
      throw FaceqError("\(output) has no name for NumPy rows; choose one that ends in .npy")
    }
    var rows = try NPYWriter(path: output, columns: bank.binding.embeddingSize)
    for face in bank.faces { try rows.add(face.embedding) }
    var file = try AtomicFile(path: names)
    try file.write(Array(bank.faces.map { $0.person.description + "\n" }.joined().utf8))
    try rows.commit(with: file)
    try console.print("\(output), \(names): \(counted(bank.faces.count, "embedding")) and the people they are of")
  case .pgvector: try exportForPgvector(bank, to: output, console)
  case .gallery:
    try GalleryFile.write(bank, to: output)
    try console.print("\(output): the people of \(contentsText(bank)), ready to be searched")
  }
}

/// `bank import`: adds all that such a file holds to a bank, which is made where there is none.
///
/// - Parameter model: that the rows of a NumPy file are from; the board's file says so itself.
package func importBank<Storage: BankStorage>(
  _ storage: Storage, _ path: FilePath, from input: FilePath, model: FilePath?, _ console: Console
) throws(FaceqError) {
  var source: FaceBank
  if let names = namesPath(input) {
    guard let model else {
      throw FaceqError("\(input) does not say which model its embeddings are from; name it with --model")
    }
    source = try readRows(input, names: names, BankBinding(try openModel(model, console)))
  } else {
    source = try BankFile().existingBank(at: input)
    if let model {
      var binding = BankBinding(try openModel(model, console))
      try source.binding.check(binding, bank: input)
      binding.detector = source.binding.detector
      source.binding = binding
    }
  }
  if let detector = source.binding.detector,
    let warning = otherDetectorWarning(try storage.binding(of: path), detector, bank: path)
  {
    console.note(warning)
  }
  let added = try storage.add(source.faces, source.binding, to: path).added
  for person in source.people where person.photos == 0 {
    _ = try storage.create(person.name, source.binding, in: path)
  }
  let known = source.faces.count > added ? ", \(source.faces.count - added) there already" : ""
  try console.print("\(path): \(counted(added, "photo")) added\(known)")
}

/// `a.npy` → `a.names`; nil for other names.
private func namesPath(_ path: FilePath) -> FilePath? {
  path.hasSuffix(".npy") ? FilePath(bytes: path.bytes.dropLast(4)).appending(".names") : nil
}

private func readRows(_ path: FilePath, names: FilePath, _ binding: BankBinding) throws(FaceqError) -> FaceBank {
  let (shape, values) = try readNPY(path: path)
  let file = try MappedFile(path: names)
  let people = try withExtendedLifetime(file) { () throws(FaceqError) in
    let bytes = file.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? file.bytes.dropFirst(3) : file.bytes[...]
    let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return try lines.map { line throws(FaceqError) in try PersonName(bytes: line) }
  }
  guard shape == [people.count, binding.embeddingSize] else {
    throw FaceqError(
      "\(path) has the shape [\(shape.map { "\($0)" }.joined(separator: ", "))] where [\(people.count), "
        + "\(binding.embeddingSize)] belongs: one row for each line of \(names), as the model's embeddings are")
  }
  let size = binding.embeddingSize
  let faces = people.enumerated().map { index, person in
    EnrolledFace(
      person: person, photo: "row \(index) of \(path)", embedding: Array(values[index * size..<(index + 1) * size]))
  }
  let bank = FaceBank(binding: binding, faces: faces)
  try bank.check(in: path)
  return bank
}
