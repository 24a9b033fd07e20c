// Writes the embeddings of pictures to the standard output, as FaceqKit makes them; scripts/test-library compares them.
//
//     EmbedPictures MODEL DETECTOR PICTURE...

import FaceqKit
import Foundation

let arguments = CommandLine.arguments
guard arguments.count > 3 else { fatalError("usage: EmbedPictures MODEL DETECTOR PICTURE...") }
let analysis = try FaceAnalysis(model: arguments[1], detector: arguments[2])
for result in try analysis.embeddings(ofPhotosAt: Array(arguments[3...])) {
  try FileHandle.standardOutput.write(contentsOf: result.get().withUnsafeBytes { Data($0) })
}
