import FaceBank
import FaceBankDatabase
import FaceqSupport
import QuantRuntime

// How far faceq's own search goes: makes a gallery of random people, of whom the first tenth have twins, and searches it.
// Two runs, so that the memory of the second is that of searching:
//
//     swift run -c release faceq-gallery-limit make people.gallery 1000000 512
//     swift run -c release faceq-gallery-limit search people.gallery 1000000 512

/// A random vector of unit length that `seed` decides.
func random(seed: Int, size: Int) -> [Float] {
  var generator = SplitMix64(state: UInt64(seed) &* 0x1000)
  return unit((0..<size).map { _ in Float.random(in: -1...1, using: &generator) })
}

/// A vector of unit length that has this cosine with `vector`, or nearly: the other part is random.
func beside(_ vector: [Float], cosine: Float, seed: Int) -> [Float] {
  let other = random(seed: seed, size: vector.count)
  let along = zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }
  let across = unit(zip(vector, other).map { $1 - along * $0 })
  let rest = (1 - cosine * cosine).squareRoot()
  return unit(zip(vector, across).map { cosine * $0 + rest * $1 })
}

func unit(_ vector: [Float]) -> [Float] {
  let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return vector.map { $0 / length }
}

/// Person 2i + 1 is the twin of person 2i.
func template(_ person: Int, size: Int, twins: Int) -> [Float] {
  guard person < twins, person % 2 == 1 else { return random(seed: person, size: size) }
  return beside(random(seed: person - 1, size: size), cosine: 0.75, seed: person)
}

func name(_ person: Int) -> PersonName {
  let digits = String(person)
  return PersonName("person " + String(repeating: "0", count: max(0, 8 - digits.count)) + digits)
}

func make(_ path: FilePath, people: Int, size: Int) throws(FaceqError) {
  let twins = people / 10 / 2 * 2
  let values = [Float](unsafeUninitializedCapacity: people * size) { values, count in
    for person in 0..<people {
      _ = values[(person * size)...].initialize(fromContentsOf: template(person, size: size, twins: twins))
    }
    count = people * size
  }
  let templates = PersonTemplates(names: (0..<people).map(name), size: size, values: values)
  let binding = BankBinding(modelName: "none", digest: "none", precision: "int8", embeddingSize: size)
  let start = Start()
  try GalleryFile.write(templates, binding, to: path)
  print("\(people) people × \(size): quantised and written in \(start.passed); \(memory()) GB at most")
}

func search(_ path: FilePath, people: Int, size: Int) throws(FaceqError) {
  let twins = people / 10 / 2 * 2
  let start = Start()
  guard let gallery = try GalleryFile(path), gallery.count == people else {
    throw FaceqError("\(path) is no gallery of \(people) people")
  }
  let search = gallery.people(kernels: try kernels(nil)).search
  print("opened and verified in \(start.passed)")
  var milliseconds: [Double] = []
  var (processor, right) = (0.0, 0)
  for index in 0..<51 {
    let person = index * 7919 % (twins / 2) * 2
    let face = beside(template(person, size: size, twins: twins), cosine: 0.9, seed: people + index)
    let (begun, used) = (monotonicSeconds(), processorSeconds())
    let (best, second) = search.nearest(face)
    milliseconds.append(1000 * (monotonicSeconds() - begun))
    processor += 1000 * (processorSeconds() - used) / 51
    if best?.person == name(person), second?.person == name(person + 1) { right += 1 }
  }
  milliseconds.sort()
  print(
    "searches: median \(formatDecimal(milliseconds[25], fractionDigits: 1)) ms, fastest "
      + "\(formatDecimal(milliseconds[0], fractionDigits: 1)) ms, of the processor "
      + "\(formatDecimal(processor, fractionDigits: 1)) ms; both right in \(right) of 51; \(memory()) GB at most")
}

/// When something began, by the clock and by the processor's time, which others' work lengthens less.
struct Start {
  private let clock = monotonicSeconds()
  private let processor = processorSeconds()

  var passed: String {
    let used = formatDecimal(processorSeconds() - processor, fractionDigits: 1)
    return "\(formatDecimal(monotonicSeconds() - clock, fractionDigits: 1)) s, \(used) s of the processor"
  }
}

func memory() -> String { formatDecimal(Double(peakMemoryBytes() ?? 0) / 1e9, fractionDigits: 2) }

let arguments = CommandLine.arguments
guard arguments.count == 5, let people = Int(arguments[3]), let size = Int(arguments[4]), people >= 40 else {
  fatalError("say make or search, a file, how many people, 40 or more, and how many components")
}
do {
  if arguments[1] == "make" {
    try make(FilePath(arguments[2]), people: people, size: size)
  } else {
    try search(FilePath(arguments[2]), people: people, size: size)
  }
} catch { fatalError(error.message) }
