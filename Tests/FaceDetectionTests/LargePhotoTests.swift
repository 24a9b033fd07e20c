import FaceDetection
import FaceImages
import FaceqSupport
import Foundation
import QuantRuntime
import TestSupport
import Testing

/// Photos larger than what is searched are decoded at a smaller size.
@Suite(.enabled(if: canDetect, Comment(rawValue: detectingNeeds)))
struct LargePhotoTests {
  private let detector: NetworkDetector

  init() throws {
    detector = try NetworkDetector(trainedNetworkDetector(), kernels: kernels(nil), threads: 2)
  }

  /// Decoded at half and at a quarter of its size. The sides are multiples of these, so that the network sees the face
  /// between the same pixels: half a pixel beside, it is another cell's, and a small one moves by three pixels.
  @Test(arguments: [(4000, 2668, 2), (5600, 3736, 4)])
  func sameFacesAsInTheFullPhoto(width: Int, height: Int, reduction: Int) throws {
    let folder = try TemporaryFolder()
    let pictures = try #require(testPictures)
    let office = try readImage(path: FilePath(pictures.photos + "/office3.jpg"))
    let path = FilePath(folder("large.jpg"))
    try writeJPEG(office.resized(width: width, height: height), to: path)
    let photo = try Photo(path: path)
    let size = detector.searchedSize(width: photo.width, height: photo.height, settings: SearchSettings())
    let searched = try photo.whole(atLeast: size)
    #expect(searched.reduction == reduction)
    #expect(searched.image.width >= size.width && searched.image.height >= size.height)
    let expected = try detector.faces(in: photo.whole().image)
    let faces = try detector.faces(in: searched.image).map { searched.original($0) }
    #expect(expected.count == pictures.faces["office3"])
    try #require(faces.count == expected.count)
    // Two pixels of what is searched.
    let tolerance = 2 * Float(photo.width) / Float(size.width)
    for (face, expected) in zip(faces, expected) {
      #expect(abs(face.score - expected.score) < 0.02)
      for (point, expected) in zip(face.landmarks, expected.landmarks) {
        #expect(abs(point.x - expected.x) < tolerance && abs(point.y - expected.y) < tolerance)
      }
    }
  }
}

struct SearchedSizeTests {
  @Test(arguments: [
    (640, 360, nil, 640, 360), (1280, 960, nil, 1280, 960), (4000, 3000, nil, 1280, 960), (3000, 4000, nil, 960, 1280),
    (8000, 6000, nil, 1280, 960), (4000, 3000, 32, 2000, 1500), (4000, 3000, 16, 4000, 3000),
    (4000, 3000, 400, 160, 120),
  ])
  func searchedSize(width: Int, height: Int, minimumFace: Int?, columns: Int, rows: Int) {
    let level = SearchPlan(width: width, height: height, minimumFace: minimumFace, family: .yuNet).levels[0]
    #expect(level.width == columns && level.height == rows)
  }

  @Test func smallestFaceIsOfTheFile() {
    let settings = SearchSettings(minimumFace: 33)
    #expect(settings.reduced(by: 1) == settings && settings.reduced(by: 4).minimumFace == 8)
    #expect(SearchSettings(minimumFace: 3).reduced(by: 8).minimumFace == 1)
    #expect(SearchSettings().reduced(by: 8) == SearchSettings())
  }
}
