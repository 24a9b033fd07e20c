import FaceqSupport
import QuantRuntime

/// Who is who, read from the paths of pictures: a folder for each person, or names like `Ada_0001.jpg`.
package struct Identities: Sendable, Equatable {
  /// A number for each path, the same for the same person.
  package let person: [Int]
  package let people: Int
  /// `folder names` or `file names`.
  package let source: String

  /// Nil where neither folders nor names make at least two people, of whom one has at least two pictures.
  package init?(paths: some Collection<FilePath>) {
    for (source, name) in [("folder names", folderName), ("file names", nameWithoutNumber)] {
      let names = paths.map(name)
      var numbers: [[UInt8]: Int] = [:]
      let person = names.map { name in
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        return number
      }
      guard numbers[[]] == nil, numbers.count >= 2, numbers.count < paths.count else { continue }
      self.person = person
      people = numbers.count
      self.source = source
      return
    }
    return nil
  }
}

private func folderName(_ path: FilePath) -> [UInt8] { Array(path.folder.name) }

/// `faces/Ada_0001.jpg` → `Ada`; nothing where a name is only a number.
private func nameWithoutNumber(_ path: FilePath) -> [UInt8] {
  var stem = path.stem
  while let last = stem.last, "0123456789_-. ()".utf8.contains(last) { stem = stem.dropLast() }
  return Array(stem)
}

/// Cosines of all pairs of faces, in a reference and in a model.
package struct PairCosines: Sendable {
  package struct Kind: Sendable {
    package var reference: [Float] = []
    package var model: [Float] = []
  }

  package private(set) var genuine = Kind()
  package private(set) var impostor = Kind()

  /// - Parameters: embeddings of the same faces, one for each person in `identities`.
  package init(reference: [[Float]], model: [[Float]], _ identities: Identities) {
    // All pairs of one person, and about as many of different persons as a histogram needs.
    let count = reference.count
    let step = max(1, count * count / 200_000)
    var skipped = 0
    for a in 0..<count {
      for b in a + 1..<max(count, a + 1) {
        let isSame = identities.person[a] == identities.person[b]
        if !isSame {
          skipped += 1
          guard skipped % step == 0 else { continue }
        }
        let cosines = (cosine(reference[a], reference[b]), cosine(model[a], model[b]))
        if isSame {
          genuine.reference.append(cosines.0)
          genuine.model.append(cosines.1)
        } else {
          impostor.reference.append(cosines.0)
          impostor.model.append(cosines.1)
        }
      }
    }
  }
}
