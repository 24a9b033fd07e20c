// Finds and embeds the faces in frames of a camera: raw BGR pixels on standard input, one frame behind the other, as
//
//     ffmpeg -i camera -f rawvideo -pix_fmt bgr24 - | CameraFrames MODEL DETECTOR WIDTH HEIGHT

import FaceqKit
import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 5, let width = Int(arguments[3]), let height = Int(arguments[4]), width > 0, height > 0 else {
  fatalError("usage: CameraFrames MODEL DETECTOR WIDTH HEIGHT")
}

/// The next frame's bytes; nil at the end.
func nextFrame() -> [UInt8]? {
  var bytes: [UInt8] = []
  while bytes.count < width * height * 3 {
    let rest = FileHandle.standardInput.readData(ofLength: width * height * 3 - bytes.count)
    guard !rest.isEmpty else { return nil }
    bytes += rest
  }
  return bytes
}

do throws(FaceError) {
  let analysis = try FaceAnalysis(model: arguments[1], detector: arguments[2])
  var settings = FaceSettings()
  settings.isUpright = true
  settings.quality = 0.2
  var number = 0
  while let bytes = nextFrame() {
    number += 1
    let frame = try FacePicture(pixels: bytes.span, width: width, height: height, format: .bgr)
    for face in try analysis.faces(in: frame, settings: settings) {
      let components = face.embedding?.count ?? 0
      print("frame \(number): a face of \(Int(face.box.right - face.box.left)) pixels, \(components) components")
    }
  }
} catch {
  print(error.message)
}
