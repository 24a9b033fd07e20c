import FaceqSupport

/// What a detector file says of how its network is used, besides the network and its image format.
package struct DetectorRule: Sendable, Equatable {
  /// The family whose outputs the network has: `yunet`, `scrfd`, `centerface`.
  package var family: String
  /// Pixels from one cell to the next, for each of the graph's outputs.
  package var strides: [Int]
  /// The sides of a picture that is searched are multiples of this.
  package var multiple: Int
  /// How a cell's score comes about, in words.
  package var scoreRule: String
  /// The score from which on a face is one, where the user does not say, 0…1.
  package var score: Float
  /// How much a face may overlap a better one, where the user does not say, 0…1.
  package var overlap: Float

  package init(
    family: String, strides: [Int], multiple: Int, scoreRule: String, score: Float, overlap: Float
  ) {
    (self.family, self.strides, self.multiple) = (family, strides, multiple)
    (self.scoreRule, self.score, self.overlap) = (scoreRule, score, overlap)
  }
}

extension DetectorRule {
  /// - Throws: what is missing or impossible, naming the file.
  init(_ file: GGUFFile) throws(FaceqError) {
    family = try file.string(DetectorKey.kind)
    guard case .uint32Array(let strides)? = file.value(DetectorKey.strides), !strides.isEmpty,
      strides.allSatisfy({ (1...128).contains($0) })
    else { throw FaceqError("\(file.path): key \"\(DetectorKey.strides)\" holds no strides; make the detector again") }
    self.strides = strides.map { Int($0) }
    multiple = try file.unsigned(DetectorKey.multiple)
    scoreRule = try file.string(DetectorKey.scoreRule)
    score = try file.float(DetectorKey.score)
    overlap = try file.float(DetectorKey.overlap)
    guard (1...1024).contains(multiple), (0...1).contains(score), (0...1).contains(overlap) else {
      throw FaceqError("\(file.path) asks for an impossible search; make the detector again")
    }
  }

  func write(to file: inout GGUFWriter) {
    file.set(DetectorKey.kind, .string(family))
    file.set(DetectorKey.strides, .uint32Array(strides.map { UInt32($0) }))
    file.set(DetectorKey.multiple, .uint64(UInt64(multiple)))
    file.set(DetectorKey.scoreRule, .string(scoreRule))
    file.set(DetectorKey.score, .float32(score))
    file.set(DetectorKey.overlap, .float32(overlap))
  }
}
