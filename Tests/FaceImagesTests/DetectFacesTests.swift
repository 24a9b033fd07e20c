import FaceImages
import FaceqSupport
import Testing

/// The cascade with simple functions in the networks' place, so that every number can be followed. The expected values
/// were computed with NumPy by the rules of facenet-pytorch 2.6.0 (`models/utils/detect_face.py`).
struct DetectFacesTests {
  @Test func boxesScoresAndLandmarks() throws {
    let faces = try detectFaces(in: discs, networks: meanNetworks)
    let scores: [Float] = [
      0.9025, 0.8896, 0.8862, 0.8824, 0.8733, 0.8619, 0.8531, 0.8456, 0.8441, 0.8416, 0.8409, 0.8327, 0.8313, 0.8217,
      0.8204, 0.817, 0.8149, 0.8147, 0.8123,
    ]
    let corners: [[Float]] = [
      [19.8464, 26.2465, 41.7013, 48.0868],
      [19.9744, 33.6579, 41.7005, 55.3967],
      [12.457, 26.0367, 34.7038, 48.1912],
      [22.9076, 19.4361, 44.7008, 41.222],
      [12.5856, 33.4338, 34.703, 55.4868],
      [16.5378, 16.115, 37.6145, 37.1041],
      [34.5458, 27.1365, 54.6907, 47.412],
      [6.2285, 29.5601, 27.6165, 50.8009],
      [27.0693, 40.3657, 48.015, 61.4151],
      [62.654, 49.8844, 84.7875, 71.8216],
      [34.4179, 34.2938, 54.9208, 54.9538],
      [27.0325, 12.7009, 47.6114, 33.2918],
      [9.1667, 15.9003, 30.6169, 37.187],
      [6.351, 36.9481, 27.6158, 58.0928],
      [65.6544, 43.8954, 87.6205, 65.6391],
      [23.3584, 44.3538, 44.698, 65.7811],
      [16.6884, 44.368, 37.9214, 65.6134],
      [34.4532, 16.631, 54.6086, 36.8796],
      [2.9253, 22.5524, 24.6185, 44.0394],
    ]
    try #require(faces.count == corners.count)
    for (face, (score, corners)) in zip(faces, zip(scores, corners)) {
      #expect(abs(face.score - score) < 1e-3)
      for (side, expected) in zip([face.box.left, face.box.top, face.box.right, face.box.bottom], corners) {
        // The published code counts sides from 1.
        #expect(abs(side + 1 - expected) < 1e-2)
      }
    }
    let landmarks = [
      Point(x: 25.8757, y: 33.8926),
      Point(x: 35.1982, y: 33.4265),
      Point(x: 30.5370, y: 38.5539),
      Point(x: 27.0410, y: 43.2152),
      Point(x: 34.0329, y: 42.9821),
    ]
    #expect(faces[0].landmarks.count == landmarks.count)
    for (point, expected) in zip(faces[0].landmarks, landmarks) {
      #expect(abs(point.x - expected.x) < 1e-2 && abs(point.y - expected.y) < 1e-2)
    }
  }

  @Test func higherThresholdKeepsTheBest() throws {
    let all = try detectFaces(in: discs, networks: meanNetworks)
    let best = try detectFaces(in: discs, networks: meanNetworks, settings: DetectionSettings(outputThreshold: 0.87))
    #expect(best.count == 5)
    #expect(best == Array(all.prefix(5)))
  }

  @Test func nothingFound() throws {
    let black = RGBImage(width: 60, height: 50, pixels: Array(repeating: 0, count: 60 * 50 * 3))
    #expect(try detectFaces(in: black, networks: meanNetworks).isEmpty)
  }

  @Test(arguments: [(1, 1), (19, 200), (200, 19)])
  func pictureSmallerThanTheSmallestFace(width: Int, height: Int) throws {
    #expect(try detectFaces(in: .pattern(width: width, height: height), networks: meanNetworks).isEmpty)
  }

  /// Candidates that the networks push out of the picture, or to no place at all, are dropped.
  @Test(arguments: [1e4, -1e4, 1e30, .infinity, .nan] as [Float])
  func candidatesOutsideThePicture(offset: Float) throws {
    var networks = meanNetworks
    networks.propose = { input in
      ProposalMap(
        width: 1, height: 1, faceProbabilities: [0.9],
        offsets: [BoxOffsets(left: offset, top: offset, right: offset, bottom: offset)])
    }
    #expect(try detectFaces(in: discs, networks: networks).isEmpty)
  }

  /// A tall picture is searched in bands; what lies on the border between two is found, and found once.
  @Test func everyPlaceOfATallPicture() throws {
    let (width, height) = (400, 2400)
    let spots = stride(from: 10, to: height - 20, by: 74).map { (x: ($0 * 7) % 370 / 2 * 2, y: $0 / 2 * 2) }
    var pixels = [UInt8](repeating: 0, count: width * height * 3)
    for spot in spots {
      for y in spot.y..<spot.y + 16 {
        for x in spot.x..<spot.x + 16 { pixels[3 * (y * width + x)] = 255 }
      }
    }
    var largestInput = 0
    var networks = meanNetworks
    networks.propose = { (input: NetworkInput) throws(FaceqError) -> ProposalMap in
      largestInput = max(largestInput, input.values.count)
      let map = try meanNetworks.propose(input)
      let still = BoxOffsets(left: 0, top: 0, right: 0, bottom: 0)
      return ProposalMap(
        width: map.width, height: map.height, faceProbabilities: map.faceProbabilities,
        offsets: map.offsets.map { _ in still })
    }
    let certain = DetectionNetworks.Verdict(
      faceProbability: 0.9, offsets: BoxOffsets(left: 0, top: 0, right: 0, bottom: 0))
    networks.refine = { _ in certain }
    networks.locate = { _ in (certain, Array(repeating: Point(x: 0.5, y: 0.5), count: 5)) }
    // A factor near 0 leaves one scale, at which the picture is one pixel larger and so a little blurred.
    let faces = try detectFaces(
      in: RGBImage(width: width, height: height, pixels: pixels), networks: networks,
      settings: DetectionSettings(minimumFace: 12, pyramidFactor: 0.001, proposalThreshold: 0.97))
    #expect(faces.count == spots.count)
    for spot in spots {
      #expect(
        faces.count { abs($0.box.left - Float(spot.x + 3)) < 4 && abs($0.box.top - Float(spot.y + 3)) < 4 } == 1,
        "\(spot)")
    }
    #expect(largestInput < width * height * 3 / 4)
  }

  @Test func tooManyCandidates() {
    let white = RGBImage(width: 900, height: 900, pixels: Array(repeating: 255, count: 900 * 900 * 3))
    let message = failure { () throws(FaceqError) in
      try detectFaces(in: white, networks: meanNetworks, settings: DetectionSettings(minimumFace: 12))
    }
    #expect(message?.contains("raise the first threshold") == true)
  }

  @Test func errorsOfTheNetworksArePassedOn() {
    var networks = meanNetworks
    networks.refine = { (_: NetworkInput) throws(FaceqError) in throw FaceqError("no R-Net") }
    let message = failure { () throws(FaceqError) in try detectFaces(in: discs, networks: networks) }
    #expect(message == "no R-Net")
  }

  @Test(arguments: [
    DetectionSettings(minimumFace: 0), DetectionSettings(pyramidFactor: 1), DetectionSettings(pyramidFactor: 0),
    DetectionSettings(pyramidFactor: .nan),
  ])
  func impossibleSettings(settings: DetectionSettings) {
    let message = failure { () throws(FaceqError) in
      try detectFaces(in: discs, networks: meanNetworks, settings: settings)
    }
    #expect(message?.contains("must be positive") == true)
  }

  /// Two bright red discs; green and blue change across the picture.
  private let discs: RGBImage = {
    var pixels: [UInt8] = []
    for y in 0..<80 {
      for x in 0..<96 {
        func disc(_ centreX: Int, _ centreY: Int, radius: Int) -> Int {
          let squared = (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY)
          return max(0, 255 - squared * 255 / (radius * radius))
        }
        pixels.append(UInt8(max(disc(30, 36, radius: 32), disc(74, 58, radius: 18))))
        pixels.append(UInt8((x * 3 + y) % 256))
        pixels.append(UInt8((y * 4) % 256))
      }
    }
    return RGBImage(width: 96, height: 80, pixels: pixels)
  }()

  /// Every answer is a linear function of the mean colour.
  private let meanNetworks = DetectionNetworks(
    propose: { input in
      let (width, height) = ((input.width - 12) / 2 + 1, (input.height - 12) / 2 + 1)
      var probabilities: [Float] = []
      var offsets: [BoxOffsets] = []
      for row in 0..<height {
        for column in 0..<width {
          let mean = meanColour(input, rows: 2 * row..<2 * row + 12, columns: 2 * column..<2 * column + 12)
          probabilities.append(0.5 + 0.5 * mean[0])
          offsets.append(BoxOffsets(left: 0.1 * mean[1], top: -0.05, right: 0.08, bottom: 0.1 * mean[2]))
        }
      }
      return ProposalMap(width: width, height: height, faceProbabilities: probabilities, offsets: offsets)
    },
    refine: { input in
      let mean = meanColour(input, rows: 0..<24, columns: 0..<24)
      return DetectionNetworks.Verdict(
        faceProbability: 0.65 + 0.25 * mean[0],
        offsets: BoxOffsets(left: -0.05, top: 0.04 * mean[1], right: 0.03, bottom: 0.06 * mean[2]))
    },
    locate: { input in
      let mean = meanColour(input, rows: 0..<48, columns: 0..<48)
      let shift = 0.01 * mean[2]
      let places: [(Float, Float)] = [(0.3, 0.4), (0.7, 0.38), (0.5, 0.6), (0.35, 0.8), (0.65, 0.79)]
      return (
        DetectionNetworks.Verdict(
          faceProbability: 0.78 + 0.15 * mean[0],
          offsets: BoxOffsets(left: 0.02 * mean[1], top: 0.03, right: -0.02, bottom: 0.01)),
        places.map { Point(x: $0.0 + shift, y: $0.1 + shift) }
      )
    })
}

private func meanColour(_ input: NetworkInput, rows: Range<Int>, columns: Range<Int>) -> [Float] {
  (0..<3).map { channel in
    var sum = 0.0
    for row in rows {
      for column in columns { sum += Double(input.values[3 * (row * input.width + column) + channel]) }
    }
    return Float(sum / Double(rows.count * columns.count))
  }
}
