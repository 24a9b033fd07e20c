import FaceImages
import QuantRuntime

/// Reads aligned faces of the size that a model wants.
public struct FaceLoader: Sendable {
  private let input: InputFormat

  public init(_ model: Model) { self.init(model.input) }

  public init(_ input: InputFormat) { self.input = input }

  /// RGB pixels [row][column][3].
  ///
  /// - Throws: where the file is no image, or one of another size.
  public func pixels(_ path: String) throws(FaceqError) -> [UInt8] {
    let image = try readImage(path: path)
    guard image.width == input.width, image.height == input.height else {
      throw FaceqError(
        "\(path) is \(image.width)×\(image.height), but the model wants faces of \(input.width)×\(input.height) that are "
          + "aligned; detect and align the face first, do not just resize the picture")
    }
    return image.pixels
  }
}

/// The images that the arguments of a command stand for, in their order; a folder stands for all images below it.
public func expandImagePaths(_ arguments: [String]) throws(FaceqError) -> [String] {
  var paths: [String] = []
  for argument in arguments { paths += try imagePaths(in: argument) }
  return paths
}
