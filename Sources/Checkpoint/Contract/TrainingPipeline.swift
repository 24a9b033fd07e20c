/// A repository whose networks' tensors have names of its own, and how it feeds pixels to them.
struct TrainingPipeline {
  var name: String
  /// The order of the channels and the range, for a sentence.
  var range: String
  var pixels: PixelFormat

  /// Why a network is believed to want these pixels.
  var reason: String { "its tensors have the names of \(name), which feeds its networks \(range)" }

  /// Its data loader reads pictures with OpenCV.
  static let insightFacePyTorch = Self(
    name: "InsightFace_Pytorch", range: "BGR, (x − 127.5) / 127.5",
    pixels: PixelFormat(
      channels: .bgr, mean: PixelFormat.insightFace.mean, deviation: PixelFormat.insightFace.deviation)
  )
  static let adaFace = Self(
    name: "AdaFace", range: insightFacePyTorch.range, pixels: insightFacePyTorch.pixels)
  static let arcFaceTorch = Self(name: "arcface_torch", range: "RGB, (x − 127.5) / 127.5", pixels: .insightFace)
  static let mobileFaceNetPyTorch = Self(
    name: "Xiaoccer's MobileFaceNet_Pytorch", range: "RGB, (x − 127.5) / 128",
    pixels: PixelFormat(mean: [127.5, 127.5, 127.5], deviation: [128, 128, 128]))
}
