import FaceBank
import FaceqSupport
import QuantRuntime

/// `bank list`: who is in a bank, and which model it is for.
package func listBank<Storage: BankStorage>(
  _ storage: Storage, _ path: FilePath, json: Bool, _ console: Console
) throws(FaceqError) {
  let bank = try storage.existingBank(at: path)
  let people = bank.people
  guard json else {
    let binding = bank.binding
    var lines = [
      "\(path): \(contentsText(bank)), by "
        + "\(binding.modelName) (\(binding.precision), digest \(binding.digest))"
    ]
    if let detector = binding.detector { lines.append("faces found by \(detectorText(detector))") }
    for person in people { lines.append("\(person.name): \(counted(person.photos, "photo"))") }
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
      }
    })
}

/// `2 people, 3 photos`.
func contentsText(_ bank: FaceBank) -> String {
  let people = bank.people.count
  return "\(people == 1 ? "1 person" : "\(people) people"), \(counted(bank.faces.count, "photo"))"
}

/// `bank remove`: takes a person out of a bank.
package func removeFromBank<Storage: BankStorage>(
  _ storage: Storage, _ path: FilePath, person: PersonName, _ console: Console
) throws(FaceqError) {
  let removed = try storage.remove(person, from: path)
  guard removed > 0 else { throw FaceqError("nobody in \(path) is called \(person); see bank list \(path)") }
  try console.print("\(path): \(person) removed, with \(counted(removed, "photo"))")
}
