// Are two photos of one person?
//
//     ComparePhotos MODEL DETECTOR A B

import FaceqKit

let arguments = CommandLine.arguments
guard arguments.count == 5 else { fatalError("usage: ComparePhotos MODEL DETECTOR A B") }
do throws(FaceError) {
  let analysis = try FaceAnalysis(model: arguments[1], detector: arguments[2])
  let a = try analysis.embedding(of: FacePicture(path: arguments[3]))
  let b = try analysis.embedding(of: FacePicture(path: arguments[4]))
  let cosine = try FaceEmbedder.compare(a, b)
  print(cosine >= FaceBank.identifyingCosine ? "one person, cosine" : "two people, cosine", cosine)
} catch {
  print(error.message)
}
