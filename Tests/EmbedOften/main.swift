// Embeds one aligned face again and again, and prints after each thousand how many times it was; scripts/test-soak watches
// it. Fails where the embedding changes.
//
//     EmbedOften MODEL FACE COUNT

import FaceqKit
import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = Int(arguments[3]) else { fatalError("usage: EmbedOften MODEL FACE COUNT") }
let embedder = try FaceEmbedder(model: arguments[1])
let face = try FacePicture(path: arguments[2])
let first = try embedder.embed(face)
for number in 1...count {
  let embedding = try embedder.embed(face)
  guard embedding == first else { fatalError("embedding \(number) is another one") }
  if number % 1000 == 0 { try FileHandle.standardOutput.write(contentsOf: Data("\(number)\n".utf8)) }
}
