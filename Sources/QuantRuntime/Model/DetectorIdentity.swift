/// Which face detector it is, for telling it from others.
public struct DetectorIdentity: Sendable, Equatable {
  /// `mtcnn`, `yunet`, `scrfd`, `centerface`.
  public var family: String
  /// 32 hexadecimal digits that stand for what decides the faces.
  public var digest: String

  public init(family: String, digest: String) {
    self.family = family
    self.digest = digest
  }
}
