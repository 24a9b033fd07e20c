// How long embeddings of an aligned face take from Swift, on one thread: of a picture that is there, and of pixels. See
// bindings/measure.
//
//     swift-calls MODEL CALLS

import FaceqKit

let arguments = CommandLine.arguments
guard arguments.count == 3, let calls = Int(arguments[2]) else { fatalError("usage: swift-calls MODEL CALLS") }
let embedder = try FaceEmbedder(model: arguments[1], threads: 1)
let (width, height) = (embedder.model.faceWidth, embedder.model.faceHeight)
let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 24) }
let picture = try FacePicture(pixels: pixels.span, width: width, height: height, format: .rgb)

func least(_ body: () throws -> [Float]) rethrows -> Duration {
  var least = Duration.seconds(1000)
  for _ in 0..<calls {
    let start = ContinuousClock.now
    _ = try body()
    least = min(least, ContinuousClock.now - start)
  }
  return least
}

func text(_ duration: Duration) -> String {
  let tenths = (duration.components.attoseconds + 50_000_000_000) / 100_000_000_000
  return "\(tenths / 10).\(tenths % 10)"
}

let there = try least { try embedder.embed(picture) }
let copied = try least {
  try embedder.embed(FacePicture(pixels: pixels.span, width: width, height: height, format: .rgb))
}
print(text(there), text(copied))
