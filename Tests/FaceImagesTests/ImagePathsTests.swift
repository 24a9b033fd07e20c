import FaceImages
import Foundation
import QuantRuntime
import Testing

struct ImagePathsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func folderIsReadRecursivelyAndSorted() throws {
    for name in [
      "b.jpg", "A.JPG", "c/d.Png", "c/e/f.jpeg", "c-.png", "é.jpg", "notes.txt", "jpg", ".hidden.jpg", ".git/x.png",
      "short.jp", "x.png.part",
    ] {
      try folder.write(name, [0])
    }
    let expected = ["A.JPG", "b.jpg", "c-.png", "c/d.Png", "c/e/f.jpeg", "é.jpg"].map { folder.path + "/" + $0 }
    #expect(try imagePaths(in: folder.path) == expected)
    #expect(try imagePaths(in: folder.path + "/") == expected)
  }

  @Test func symbolicLinksAreFollowedOnce() throws {
    try folder.write("faces/a.jpg", [0])
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: folder.path + "/faces/loop", withDestinationPath: folder.path)
    try manager.createSymbolicLink(atPath: folder.path + "/again", withDestinationPath: folder.path + "/faces")
    try manager.createSymbolicLink(atPath: folder.path + "/self", withDestinationPath: "self")
    try manager.createSymbolicLink(atPath: folder.path + "/z.jpg", withDestinationPath: folder.path + "/faces/a.jpg")
    #expect(try imagePaths(in: folder.path) == ["/again/a.jpg", "/z.jpg"].map { folder.path + $0 })
  }

  @Test func folderNamedLikeAnImage() throws {
    try folder.write("odd.jpg/a.png", [0])
    #expect(try imagePaths(in: folder.path) == [folder.path + "/odd.jpg/a.png"])
  }

  @Test func pipesAreLeftOut() throws {
    try folder.write("a.jpg", [0])
    #expect(mkfifo(folder.path + "/b.jpg", 0o600) == 0)
    #expect(try imagePaths(in: folder.path) == [folder.path + "/a.jpg"])
  }

  @Test func singleImage() throws {
    #expect(try imagePaths(in: testImage("rgb.png")) == [testImage("rgb.png")])
    let nameless = try folder.write("picture", try bytes(of: testImage("baseline.jpg")))
    #expect(try imagePaths(in: nameless) == [nameless])
  }

  @Test func listOfPaths() throws {
    let list = try folder.write("lists/faces.txt", Array("b.jpg\r\n\n  \n/tmp/a b.png\nsub/c.jpeg".utf8))
    #expect(
      try imagePaths(in: list) == [folder.path + "/lists/b.jpg", "/tmp/a b.png", folder.path + "/lists/sub/c.jpeg"])
  }

  @Test func folderWithoutImages() throws {
    try folder.write("readme.txt", [0])
    let message = failure { () throws(FaceqError) in try imagePaths(in: folder.path) }
    #expect(message == "\(folder.path) holds no .jpg, .jpeg or .png file; name a folder with images.")
  }

  @Test func emptyList() throws {
    let list = try folder.write("faces.txt", Array("\n \n".utf8))
    let message = failure { () throws(FaceqError) in try imagePaths(in: list) }
    #expect(message == "\(list) lists no image; put one path on each line, or name a folder with images.")
  }

  @Test(arguments: [[0xff, 0xfe, 0x0a], [0x61, 0x00, 0x62], [0x80]] as [[UInt8]])
  func fileThatIsNoList(bytes: [UInt8]) throws {
    let path = try folder.write("blob", bytes)
    let message = failure { () throws(FaceqError) in try imagePaths(in: path) }
    #expect(message?.hasPrefix("\(path) is neither a folder, nor") == true)
  }

  @Test func missingPath() {
    let path = folder.path + "/none"
    let message = failure { () throws(FaceqError) in try imagePaths(in: path) }
    #expect(message?.contains(path) == true)
  }
}
