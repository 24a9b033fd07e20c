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
    #expect(
      message == "cannot find images in \(folder.path): it holds no .jpg, .jpeg or .png file; name a folder with images"
    )
  }

  @Test func emptyList() throws {
    let list = try folder.write("faces.txt", Array("\n \n".utf8))
    let message = failure { () throws(FaceqError) in try imagePaths(in: list) }
    #expect(
      message == "cannot find images in \(list): it is a list without a path; put one on each line, or name a folder")
  }

  @Test(arguments: [[0xff, 0xfe, 0x0a], [0x61, 0x00, 0x62], [0x80]] as [[UInt8]])
  func fileThatIsNoList(bytes: [UInt8]) throws {
    let path = try folder.write("blob", bytes)
    let message = failure { () throws(FaceqError) in try imagePaths(in: path) }
    #expect(message?.hasPrefix("cannot find images in \(path): it is neither a folder, nor") == true)
  }

  @Test func folderThatCannotBeListed() {
    let path = folder.path + "/" + String(repeating: "n", count: 300)
    let message = failure { () throws(FaceqError) in try imagePaths(in: path) }
    #expect(message?.hasPrefix("cannot list \(path): ") == true)
  }

  @Test func nameThatIsNotUTF8() throws {
    #expect(mkdir(folder.path + "/sub", 0o700) == 0)
    let name =
      Array((folder.path + "/sub/").utf8CString.dropLast()) + [CChar(bitPattern: 0xe9), 0x2e, 0x6a, 0x70, 0x67, 0]
    let file = open(name, O_WRONLY | O_CREAT, 0o600)
    #expect(file >= 0 && close(file) == 0)
    let message = failure { () throws(FaceqError) in try imagePaths(in: folder.path) }
    #expect(message == "cannot list \(folder.path)/sub: the name of a file in it is not UTF-8; rename that file")
  }

  @Test func missingPath() {
    let path = folder.path + "/none"
    let message = failure { () throws(FaceqError) in try imagePaths(in: path) }
    #expect(message?.contains(path) == true)
  }
}
