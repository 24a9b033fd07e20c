// Enrols people, each with one photo, and says who is in another photo.
//
//     IdentifyPeople MODEL DETECTOR BANK PHOTO [NAME PHOTO]…

import FaceqKit

let arguments = CommandLine.arguments
guard arguments.count >= 5, arguments.count % 2 == 1 else {
  fatalError("usage: IdentifyPeople MODEL DETECTOR BANK PHOTO [NAME PHOTO]…")
}
do throws(FaceError) {
  let model = try FaceModel(path: arguments[1])
  let detector = try FaceModel(path: arguments[2])
  let analysis = try FaceAnalysis(model: model, detector: detector)
  let bank = try FaceBank(path: arguments[3], model: model, detector: detector)

  for index in stride(from: 5, to: arguments.count, by: 2) {
    let (name, photo) = (arguments[index], arguments[index + 1])
    try bank.enrol(name, photo: photo, embedding: analysis.embedding(of: FacePicture(path: photo)))
  }
  try bank.save()

  for face in try analysis.faces(in: FacePicture(path: arguments[4])) {
    guard let embedding = face.embedding else { continue }
    let match = try bank.identify(embedding)
    guard let nearest = match.nearest else { continue }
    let isKnown = nearest.cosine >= FaceBank.identifyingCosine
    print(isKnown ? nearest.person : "somebody else, most like \(nearest.person)", nearest.cosine)
  }
} catch {
  print(error.message)
}
