/// Values that a model must have: where one is missing or of another type, the error names file and key.
extension GGUFFile {
  package func string(_ key: String) throws(FaceqError) -> String {
    guard case .string(let text) = try required(key) else { throw wrongType(key, "text") }
    return text
  }

  package func stringIfPresent(_ key: String) throws(FaceqError) -> String? {
    value(key) == nil ? nil : try string(key)
  }

  /// A `uint32` or `uint64`.
  package func unsigned(_ key: String) throws(FaceqError) -> Int {
    switch try required(key) {
    case .uint32(let number): return Int(number)
    case .uint64(let number):
      guard let number = Int(exactly: number) else { throw wrongType(key, "a number below 2⁶³") }
      return number
    default: throw wrongType(key, "an unsigned integer")
    }
  }

  /// A `float32`.
  package func float(_ key: String) throws(FaceqError) -> Float {
    guard case .float32(let number) = try required(key) else { throw wrongType(key, "a float32") }
    return number
  }

  /// An array of `float32`.
  package func floats(_ key: String) throws(FaceqError) -> [Float] {
    guard case .float32Array(let numbers) = try required(key) else { throw wrongType(key, "an array of float32") }
    return numbers
  }

  package func tensor(_ name: String) throws(FaceqError) -> GGUFTensor {
    guard let tensor = tensorIfPresent(name) else {
      throw FaceqError("\(path) has no tensor \(quoted(name)); make the model again with this version of faceq")
    }
    return tensor
  }

  private func required(_ key: String) throws(FaceqError) -> GGUFValue {
    guard let value = value(key) else {
      throw FaceqError("\(path) has no key \(quoted(key)); make the model again with this version of faceq")
    }
    return value
  }

  private func wrongType(_ key: String, _ needed: String) -> FaceqError {
    FaceqError("\(path): key \(quoted(key)) is not \(needed); make the model again with this version of faceq")
  }
}
