import FaceqSupport
import QuantRuntime
import SIMDKernels

/// What `tune` measured, in a small text file beside the model:
///
///     faceq tuning 2
///     model 0123456789abcdef0123456789abcdef
///     isa neon
///     64 64 1 112 112 winograd
///     512 512 2 7 7 direct
///
/// A line holds a convolution's input and output channels, as stored, its stride, and its output's height and width.
package struct TuningFile {
  var digest: String
  var instructionSet: InstructionSet
  var measured: [(shape: WinogradShape, isFaster: Bool)]

  private static let title = "faceq tuning 2"

  package static func path(_ model: Model) -> FilePath { model.path.appending(".tuning") }

  func write(to path: FilePath) throws(FaceqError) {
    var text = "\(TuningFile.title)\nmodel \(digest)\nisa \(instructionSet.rawValue)\n"
    for (shape, isFaster) in measured {
      text += "\(shape.inputChannels) \(shape.outputChannels) \(shape.stride) \(shape.height) \(shape.width) "
      text += isFaster ? "winograd\n" : "direct\n"
    }
    var file = try AtomicFile(path: path)
    try file.write(Array(text.utf8))
    try file.commit()
  }

  /// The shapes that were measured for this model and instruction set; nothing where there is no file, or one of another model or
  /// instruction set.
  ///
  /// - Throws: where the file is none that `tune` wrote.
  package static func measured(
    _ model: Model, _ instructionSet: InstructionSet
  ) throws(FaceqError) -> [(shape: WinogradShape, isFaster: Bool)] {
    let path = path(model)
    guard try fileExists(path) else { return [] }
    let file = try MappedFile(path: path)
    let bytes = withExtendedLifetime(file) { Array(file.bytes) }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map {
      $0.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    }
    let damaged = FaceqError("\(path) is not what tune wrote; delete it, or run tune again")
    guard lines.count >= 3, lines[0] == ["faceq", "tuning", "2"], lines[1].count == 2, lines[1][0] == "model",
      lines[2].count == 2, lines[2][0] == "isa"
    else { throw damaged }
    guard model.digest == lines[1][1], lines[2][1] == instructionSet.rawValue else {
      return []
    }
    var measured: [(shape: WinogradShape, isFaster: Bool)] = []
    for line in lines[3...] {
      let numbers = line.prefix(5).compactMap { Int($0) }
      guard line.count == 6, numbers.count == 5, line[5] == "winograd" || line[5] == "direct" else { throw damaged }
      measured.append(
        (
          WinogradShape(
            inputChannels: numbers[0], outputChannels: numbers[1], stride: numbers[2], height: numbers[3],
            width: numbers[4]),
          line[5] == "winograd"
        ))
    }
    return measured
  }
}
