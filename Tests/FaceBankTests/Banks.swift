import FaceBank
import FaceqSupport

let binding = BankBinding(
  modelName: "int8.gguf", digest: "0123456789abcdef", precision: "int8", embeddingSize: 40)

/// Vectors of unit length in all directions, always the same ones.
struct RandomVectors {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(state: seed) }

  mutating func next(size: Int = 40) -> [Float] {
    unit((0..<size).map { _ in Float.random(in: -1...1, using: &generator) })
  }
}

func unit(_ vector: [Float]) -> [Float] {
  let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return vector.map { $0 / length }
}

/// What is told of a face when it is added.
struct FaceFacts: Equatable {
  var person: PersonName
  var photo: String
  var embedding: [Float]
}

extension EnrolledFace {
  var facts: FaceFacts { FaceFacts(person: person, photo: photo, embedding: embedding) }
}

/// Something that begins and ends as a JPEG file does.
func jpeg(_ seed: UInt8) -> [UInt8] {
  [0xff, 0xd8, 0xff] + [UInt8](repeating: seed, count: 30 + Int(seed)) + [0xff, 0xd9]
}

/// Ada with two photos, Bob and Čapek with one each.
func someFaces() -> [EnrolledFace] {
  var vectors = RandomVectors(seed: 1)
  return [("Ada", "a1.jpg"), ("Ada", "a2.jpg"), ("Bob", "b.jpg"), ("Čapek", "c.jpg")].map {
    EnrolledFace(person: $0, photo: $1, embedding: vectors.next())
  }
}
