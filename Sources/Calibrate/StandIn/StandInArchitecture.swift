import QuantRuntime

/// An IR or IR-SE network to make stand-in weights for.
package struct StandInArchitecture: Sendable {
  package var name: String
  package var stemWidth: Int
  package var stages: [(width: Int, blocks: Int)]
  package var embeddingSize: Int
  package var squeezeExcite: Bool

  /// What all of them read.
  package static let image = ImageFormat(
    height: 112, width: 112, channels: .bgr, mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5])

  private static let depths: [(name: String, blocks: [Int])] = [
    ("50", [3, 4, 14, 3]), ("100", [3, 13, 30, 3]), ("152", [3, 8, 36, 3]),
  ]

  /// The published ones, and one of 8 blocks for trying things out.
  package static let all: [StandInArchitecture] =
    ["ir_se", "ir"].flatMap { family in
      depths.map { depth in
        StandInArchitecture(
          name: family + depth.name, stemWidth: 64,
          stages: zip([64, 128, 256, 512], depth.blocks).map { (width: $0, blocks: $1) }, embeddingSize: 512,
          squeezeExcite: family == "ir_se")
      }
    } + [
      StandInArchitecture(
        name: "tiny_ir_se", stemWidth: 16, stages: [(16, 2), (32, 1), (64, 3), (96, 2)], embeddingSize: 64,
        squeezeExcite: true)
    ]
}
