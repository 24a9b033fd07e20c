import FaceBank
import FaceqSupport
import QuantRuntime

/// `bank list`: who is in a bank, and which model it is for; or the faces of one person.
package func listBank<Storage: BankStorage>(
  _ storage: Storage, _ path: FilePath, person: PersonName? = nil, json: Bool, _ console: Console
) throws(FaceqError) {
  let bank = try storage.existingBank(at: path)
  if let person, !bank.contains(person) { throw nobody(person, path) }
  let people = bank.people.filter { person == nil || $0.name == person }
  var faces: [PersonName: [EnrolledFace]] = [:]
  for face in bank.faces { faces[face.person, default: []].append(face) }
  guard json else {
    let binding = bank.binding
    var lines = [
      "\(path): \(contentsText(bank)), by "
        + "\(binding.modelName) (\(binding.precision), digest \(binding.digest))"
    ]
    if let detector = binding.detector { lines.append("faces found by \(detectorText(detector))") }
    if let person {
      lines = ["\(path): \(person), \(counted(faces[person, default: []].count, "photo"))"]
      for face in faces[person, default: []] {
        let time = face.time.map { ", added \(timestampText(Double($0)))" } ?? ""
        lines.append("face \(face.id): \(face.photo)\(time)\(face.picture == nil ? "" : ", with a picture")")
      }
    } else {
      for person in people { lines.append("\(person.name): \(counted(person.photos, "photo"))") }
    }
    return try console.print(lines.joined(separator: "\n"))
  }
  try console.print(
    JSONWriter.text { json in
      json.member("model", bank.binding.modelName)
      json.member("digest", bank.binding.digest)
      json.member("precision", bank.binding.precision)
      json.member("detector", bank.binding.detector?.family)
      json.member("detector_digest", bank.binding.detector?.digest)
      json.objects("people", people) { json, person in
        json.member("name", person.name.description)
        json.member("photos", person.photos)
        json.objects("faces", faces[person.name, default: []]) { json, face in
          json.member("id", face.id)
          json.member("photo", face.photo)
          json.member("time", face.time)
          json.member("picture", face.picture != nil)
        }
      }
    })
}

/// `2 people, 3 photos`.
package func contentsText(_ bank: FaceBank) -> String {
  let people = bank.people.count
  return "\(people == 1 ? "1 person" : "\(people) people"), \(counted(bank.faces.count, "photo"))"
}

/// `bank remove NAME`: takes a person out of a bank.
package func removeFromBank<Storage: BankStorage>(
  _ storage: Storage, _ path: FilePath, person: PersonName, _ console: Console
) throws(FaceqError) {
  guard let removed = try storage.remove(person, from: path) else { throw nobody(person, path) }
  try console.print("\(path): \(person) removed, with \(counted(removed, "photo"))")
}

/// `bank remove --face`: takes one photo out of a bank.
package func removeFromBank<Storage: BankStorage>(
  _ storage: Storage, _ path: FilePath, face: Int, _ console: Console
) throws(FaceqError) {
  guard let person = try storage.remove(face: face, from: path) else {
    throw FaceqError("there is no face \(face) in \(path); see bank list \(path) NAME")
  }
  try console.print("\(path): face \(face) of \(person) removed")
}

/// `bank rename`: gives a person another name.
///
/// - Parameter merging: whether somebody who has that name gets the photos.
package func renameInBank<Storage: BankStorage>(
  _ storage: Storage, _ path: FilePath, person: PersonName, to name: PersonName, merging: Bool, _ console: Console
) throws(FaceqError) {
  switch try storage.rename(person, to: name, merging: merging, in: path) {
  case .done: try console.print("\(path): \(person) is now called \(name)")
  case .unknown: throw nobody(person, path)
  case .taken:
    throw FaceqError(
      "somebody in \(path) is called \(name) already; choose another name, or give that person the photos of \(person) "
        + "with --merge")
  }
}

private func nobody(_ person: PersonName, _ path: FilePath) -> FaceqError {
  FaceqError("nobody in \(path) is called \(person); see bank list \(path)")
}
