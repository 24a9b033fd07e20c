import FaceImages
import FaceqSupport
import Foundation
import TestSupport
import Testing

/// Photos that are decoded at a smaller size, or in part.
struct PhotoTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let names =
    ["baseline.jpg", "progressive.jpg", "subsampled.jpg", "grey.jpg", "cmyk.jpg", "ycck.jpg", "rgb.png"]
    + (1...8).map { "orientation-\($0).jpg" }

  @Test(arguments: [(nil, 24, 16), (16, 24, 16), (9, 24, 16), (8, 12, 8), (5, 12, 8), (4, 6, 4), (2, 3, 2), (1, 3, 2)])
  func reducedSize(side: Int?, width: Int, height: Int) throws {
    let photo = try Photo(path: FilePath(testImage("baseline.jpg")))
    let whole = try photo.whole(atLeast: side.map { ($0, $0) })
    let image = whole.image
    #expect(image.width == width && image.height == height && whole.reduction == 24 / width)
    #expect(photo.width == 24 && photo.height == 16)
    let difference = image.largestDifference { x, y in
      let place = whole.original(Point(x: Float(x), y: Float(y)))
      return [Int(place.x * 10), Int(place.y * 15), Int((place.x + place.y) * 6)]
    }
    #expect(difference <= 6)
  }

  @Test func bothSidesAreKept() throws {
    let photo = try Photo(path: FilePath(testImage("orientation-6.jpg")))
    #expect(photo.width == 16 && photo.height == 24)
    let reductions = [(8, 12), (9, 12), (8, 13), (4, 6), (4, 1), (1, 1), (16, 24), (17, 1)].map {
      photo.reduction(atLeast: $0)
    }
    #expect(reductions == [2, 1, 1, 4, 4, 8, 1, 1])
    #expect(try photo.whole(atLeast: (8, 1)).image.width == 8)
    for name in ["rgb.png", "progressive.jpg"] {
      #expect(try Photo(path: FilePath(testImage(name))).whole(atLeast: (1, 1)).reduction == 1)
    }
  }

  @Test(arguments: names) func partsAreCutFromTheWhole(name: String) throws {
    let photo = try Photo(path: FilePath(testImage(name)))
    let whole = try photo.whole().image
    for left in [0, 1, 7, photo.width - 1] {
      for top in [0, 3, 9, photo.height - 1] {
        for (width, height) in [(1, 1), (9, 5), (photo.width, 2), (2, photo.height)] {
          let columns = left..<min(left + width, photo.width)
          let rows = top..<min(top + height, photo.height)
          let part = try photo.part(columns: columns, rows: rows)
          #expect(part.image == whole.part(rows: rows, columns: columns), "\(columns), \(rows)")
          #expect(part.original(Point(x: 2, y: 1)) == Point(x: Float(left) + 2, y: Float(top) + 1))
          #expect(part.shown(Point(x: 2, y: 1)) == Point(x: 2 - Float(left), y: 1 - Float(top)))
        }
      }
    }
  }

  /// Sides that are no multiple of the reduction: what is behind the picture's edge is in front of it when it is turned.
  @Test(arguments: 1...8) func placesInTurnedPhotos(orientation: Int) throws {
    // 61 and 43 leave 5 and 3 pixels of the last block of eight.
    let bright = RGBImage(
      width: 61, height: 43,
      pixels: (0..<61 * 43).flatMap { pixel in
        let isInside = (24..<32).contains(pixel % 61) && (16..<24).contains(pixel / 61)
        return [UInt8](repeating: isInside ? 250 : 5, count: 3)
      })
    let plain = folder.path + "/plain.jpg"
    try writeJPEG(bright, to: FilePath(plain))
    let exif = Array("Exif\0\0".utf8) + OrientationTests.tiff(orientation, type: 3, isBigEndian: true)
    let file = try bytes(of: plain)
    let turned = Array(file[..<2]) + [0xff, 0xe1, 0, UInt8(exif.count + 2)] + exif + Array(file[2...])
    let photo = try Photo(path: FilePath(folder.write("turned.jpg", turned)))
    let full = try photo.whole().image
    let reduced = try photo.whole(atLeast: (1, 1))
    #expect(reduced.reduction == 8)
    for y in 0..<full.height {
      for x in 0..<full.width {
        // Where the pixel is in the reduced picture, and back.
        let shown = reduced.shown(Point(x: Float(x), y: Float(y)))
        let isBright = reduced.image[Int(shown.x.rounded()), Int(shown.y.rounded())][0] > 128
        #expect(isBright == (full[x, y][0] > 128))
        let back = reduced.original(shown)
        #expect(abs(back.x - Float(x)) < 1e-4 && abs(back.y - Float(y)) < 1e-4)
      }
    }
  }

  /// A part has as many pixels as are allowed, whatever the whole photo has.
  @Test func partsKeepTheLimit() throws {
    let limits = ImageLimits(maximumPixels: 100)
    let photo = try Photo(path: FilePath(testImage("baseline.jpg")), limits: limits)
    #expect(throws: FaceqError.self) { try photo.whole() }
    #expect(try photo.part(columns: 3..<13, rows: 2..<12).reduction == 1)
    let reduced = try photo.part(columns: 0..<24, rows: 0..<16)
    #expect(reduced.reduction == 2 && reduced.image.width == 12 && reduced.image.height == 8)
  }

  @Test(arguments: ["baseline.jpg", "progressive.jpg"]) func damageIsFoundAtEverySize(name: String) throws {
    let file = try bytes(of: testImage(name))
    let photo = try Photo(path: FilePath(folder.write("cut.jpg", Array(file[..<(file.count * 4 / 5)]))))
    for side in [16, 8, 4, 2] {
      let message = failure { () throws(FaceqError) in try photo.whole(atLeast: (side, side)) }
      #expect(message?.contains("damaged") == true)
    }
  }
}

/// What is decoded around a face is what aligning it takes.
@Suite(.enabled(if: testPictures != nil, Comment(rawValue: picturesMissing)))
struct FaceSurroundingsTests {
  @Test(arguments: ["jf", "office1", "office2"]) func alignedFacesAreTheSame(name: String) throws {
    let photo = try Photo(path: FilePath(photos + "/\(name).jpg"))
    let whole = try photo.whole().image
    // Faces upright, aslant, upside down, at the edges and in corners.
    let places: [(x: Float, y: Float, size: Float, slant: Float)] = [
      (0.4, 0.5, 0.2, 0), (0.5, 0.3, 0.1, 0.7), (0.6, 0.6, 0.3, 3.1), (0, 0, 0.2, 0.2), (1, 0.97, 0.1, 6),
    ]
    for (x, y, size, slant) in places {
      let scale = size * Float(photo.height) / 112
      let landmarks = FaceTemplate.arcFace112.map { point in
        let (across, down) = ((point.x - 56) * scale, (point.y - 70) * scale)
        return Point(
          x: x * Float(photo.width) + across * cos(slant) - down * sin(slant),
          y: y * Float(photo.height) + across * sin(slant) + down * cos(slant))
      }
      let surroundings = try photo.surroundings(of: [landmarks])
      #expect(surroundings.image.width * surroundings.image.height < whole.width * whole.height)
      var generator = SplitMix64(state: 7)
      for variation in [nil, FaceVariation(&generator), FaceVariation(&generator), FaceVariation(&generator)] {
        let expected = try alignFace(whole, landmarks: landmarks, variation: variation)
        #expect(try surroundings.aligned(landmarks, variation: variation) == expected)
      }
      let face = DetectedFace(box: FaceBox(left: 0, top: 0, right: 0, bottom: 0), score: 1, landmarks: landmarks)
      #expect(surroundings.quality(of: face) == FaceQuality(of: whole, landmarks: landmarks))
    }
  }

  @Test func facesThatCannotBeAligned() throws {
    let photo = try Photo(path: FilePath(photos + "/jf.jpg"))
    let point = Point(x: 5, y: 5)
    let far = FaceTemplate.arcFace112.map { Point(x: $0.x + 1e9, y: $0.y - 1e9) }
    for faces in [[], [[point, point, point, point, point]], [far]] {
      #expect(try photo.surroundings(of: faces).image.width >= 1)
    }
  }
}
