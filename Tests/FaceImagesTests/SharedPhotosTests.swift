import FaceImages
import FaceqSupport
import TestSupport
import Testing

let photos = testPictures?.photos ?? ""

@Suite(.enabled(if: testPictures != nil, Comment(rawValue: picturesMissing)))
struct SharedPhotosTests {
  @Test(arguments: [
    ("face0", 112, 131), ("jf", 487, 620), ("office1", 899, 399), ("office2", 1280, 720), ("office3", 570, 380),
    ("office4", 615, 407), ("office5", 500, 375),
  ])
  func photo(name: String, width: Int, height: Int) throws {
    let image = try readImage(path: FilePath(photos + "/\(name).jpg"))
    #expect(image.width == width && image.height == height)
    let reduced = try Photo(path: FilePath(photos + "/\(name).jpg")).whole(atLeast: (100, 100)).image
    #expect(min(reduced.width, reduced.height) >= 100)
  }

  @Test(.enabled(if: sharedFolder != nil, "needs ../shared/faces")) func folderOfFaces() throws {
    var search = ImageSearch()
    try search.add(FilePath((sharedFolder ?? "") + "/faces/calib"))
    #expect(search.images.count == 300)
    for path in search.images {
      let face = try readImage(path: path)
      #expect(face.width == 112 && face.height == 112, "\(path)")
    }
  }
}
