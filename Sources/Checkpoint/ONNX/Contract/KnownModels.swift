/// A published file whose input is known from its packages, not from the file: recognised by its SHA-256.
package struct KnownModel: Sendable {
  package var sha256: String
  package var name: String
  package var input: PixelFormat
  /// Where it comes from, and the licence that its publishers state.
  package var source: String
  package var licence: String

  package static let all = [
    KnownModel(
      sha256: "4c06341c33c2ca1f86781dab0e829f88ad5b64be9fba56e56bc9ebdefc619e43", name: "w600k_r50",
      input: .insightFace, source: "InsightFace, package buffalo_l (ResNet-50, WebFace600K)",
      licence: insightFaceLicence),
    KnownModel(
      sha256: "9cc6e4a75f0e2bf0b1aed94578f144d15175f357bdc05e815e5c4a02b319eb4f", name: "w600k_mbf",
      input: .insightFace, source: "InsightFace, packages buffalo_s and buffalo_sc (MobileFaceNet, WebFace600K)",
      licence: insightFaceLicence),
    KnownModel(
      sha256: "4ab1d6435d639628a6f3e5008dd4f929edf4c4124b1a7169e1048f9fef534cdf", name: "glintr100",
      input: .insightFace, source: "InsightFace, package antelopev2 (ResNet-100, Glint360K)",
      licence: insightFaceLicence),
  ]

  package static func of(sha256: String) -> KnownModel? { all.first { $0.sha256 == sha256 } }

  private static let insightFaceLicence = "non-commercial research only"
}
