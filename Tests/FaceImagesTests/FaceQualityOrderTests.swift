import Checkpoint
import FaceImages
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// Whether the verdict orders faces by how much of their cosine to the good one is left, by the trained MobileFaceNet.
/// With `FACEQ_PRINT_TABLES` it prints the table in docs/how-it-works/detection.md.
@Suite(.enabled(if: sharedData != nil, Comment(rawValue: sharedDataMissing)))
struct FaceQualityOrderTests {
  private struct Measured {
    var kind: String
    var degree: String
    var cosine: Float
    var quality: FaceQuality
  }

  @Test func ordersVariantsByTheirCosine() throws {
    let measured = try measure()
    let all = correlation(measured)
    #expect(all >= 0.85)
    var kinds: [String] = []
    for kind in measured.map({ $0.kind }) where !kinds.contains(kind) { kinds.append(kind) }
    for kind in kinds where kind != "good" {
      let ofKind = measured.filter { $0.kind == kind || $0.kind == "good" }
      #expect(correlation(ofKind) >= 0.75, "\(kind)")
    }
    // The default of whoever refuses hopeless faces must not refuse good ones.
    #expect(measured.filter { $0.kind == "good" }.allSatisfy { $0.quality.verdict > 0.5 })
    if ProcessInfo.processInfo.environment["FACEQ_PRINT_TABLES"] != nil { printTable(measured, kinds, all) }
  }

  private func measure() throws -> [Measured] {
    let sharedData = try #require(sharedData)
    // The net is a converted one of MXNet, which reads RGB.
    let imported = try importCheckpoint(
      path: FilePath(sharedData + "/models/mobilefacenet/mobilefacenet_y1.npz"),
      ImportChoice(pixels: PixelFormatChoice(channels: .rgb, deviation: [128, 128, 128])))
    let model = try Model(
      .float(imported.graph),
      ModelDescription(
        architecture: imported.architecture, parameters: imported.parameters,
        source: imported.source, isStandIn: false))
    let session = try EmbeddingSession(model, kernels: kernels(nil), threads: 2)
    func embedding(_ variant: FaceVariant) throws -> [Float] {
      try session.embed(try alignFace(variant.image, landmarks: variant.landmarks).pixels)
    }
    var search = ImageSearch()
    try search.add(FilePath(sharedData + "/faces/dev"))
    let faces = search.images
    var measured: [Measured] = []
    for index in stride(from: 0, to: faces.count, by: 20) {
      let good = FaceVariant(try readImage(path: faces[index]))
      let reference = try embedding(good)
      for (kind, degree, variant) in variants(of: good) {
        measured.append(
          Measured(
            kind: kind, degree: degree, cosine: zip(reference, try embedding(variant)).reduce(0) { $0 + $1.0 * $1.1 },
            quality: try #require(FaceQuality(of: variant.image, landmarks: variant.landmarks))))
      }
    }
    return measured
  }

  private func variants(of good: FaceVariant) -> [(kind: String, degree: String, FaceVariant)] {
    var variants = [("good", "", good)]
    for deviation in [0.7, 1, 1.5, 2, 3, 4] {
      variants.append(("blurred", "\(deviation) pixels", good.blurred(deviation)))
    }
    for eyes in [24.0, 18, 14, 11, 9, 7, 5] {
      variants.append(("small", "eyes \(Int(eyes)) pixels apart", good.small(eyeDistance: eyes)))
    }
    for yaw in [15.0, 25, 35, 45, 55] {
      variants.append(("turned aside", "\(Int(yaw))°", good.turned(yaw: yaw, pitch: 0)))
    }
    for pitch in [-40.0, -25, -12, 12, 25, 40] {
      variants.append(("looking up or down", "\(Int(pitch))°", good.turned(yaw: 0, pitch: pitch)))
    }
    for factor in [0.5, 0.25, 0.12, 0.06] {
      variants.append(("dark", "· \(factor)", good.contrasted(factor, about: 0)))
    }
    for factor in [1.5, 2.2, 3.5] { variants.append(("bright", "· \(factor)", good.contrasted(factor, about: 0))) }
    for part in [0.1, 0.25, 0.4, 0.55] { variants.append(("cut off", "\(Int(part * 100)) %", good.cutOff(part))) }
    return variants
  }

  /// Spearman's: the correlation of the ranks.
  private func correlation(_ measured: [Measured]) -> Double {
    let (first, second) = (ranks(measured.map { $0.cosine }), ranks(measured.map { $0.quality.verdict }))
    let mean = Double(measured.count - 1) / 2
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } }
    return product(first, second) / (product(first, first) * product(second, second)).squareRoot()
  }

  /// Equal values share the mean of their ranks.
  private func ranks(_ values: [Float]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }

  private func printTable(_ measured: [Measured], _ kinds: [String], _ correlation: Double) {
    print("| variant | | cosine | verdict | reason of most |\n|---|---|---|---|---|")
    for kind in kinds {
      var degrees: [String] = []
      for variant in measured where variant.kind == kind && !degrees.contains(variant.degree) {
        degrees.append(variant.degree)
      }
      for degree in degrees {
        let those = measured.filter { $0.kind == kind && $0.degree == degree }
        let flaws = Dictionary(grouping: those, by: { $0.quality.flaw?.explanation ?? "–" })
        let flaw = flaws.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key ?? ""
        let cosine = median(those.map { $0.cosine })
        let verdict = median(those.map { $0.quality.verdict })
        print("| \(kind) | \(degree) | \(rounded(cosine)) | \(rounded(verdict)) | \(flaw) |")
      }
    }
    for kind in kinds where kind != "good" {
      print(kind, rounded(Float(self.correlation(measured.filter { $0.kind == kind || $0.kind == "good" }))))
    }
    print("all", rounded(Float(correlation)), measured.count)
    print("good", measured.filter { $0.kind == "good" }.map { $0.quality.verdict }.sorted())
  }

  private func median(_ values: [Float]) -> Float { values.sorted()[values.count / 2] }

  private func rounded(_ value: Float) -> String { String(format: "%.2f", value) }
}
