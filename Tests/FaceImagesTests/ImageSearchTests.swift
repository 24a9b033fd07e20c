import FaceImages
import FaceqSupport
import Foundation
import TestSupport
import Testing

struct ImageSearchTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func images(in path: String) throws(FaceqError) -> [String] {
    var search = ImageSearch()
    try search.add(FilePath(path))
    return search.images.map { $0.description }
  }

  @Test func folderIsReadRecursivelyAndSorted() throws {
    for name in [
      "b.jpg", "A.JPG", "c/d.Png", "c/e/f.jpeg", "c-.png", "c.jfif", "é.jpe", "notes.txt", "jpg", ".hidden.jpg",
      ".git/x.png", "short.jp", "x.png.part", ".jpg",
    ] {
      try folder.write(name, [0])
    }
    let expected = ["A.JPG", "b.jpg", "c-.png", "c.jfif", "c/d.Png", "c/e/f.jpeg", "é.jpe"].map {
      folder.path + "/" + $0
    }
    #expect(try images(in: folder.path) == expected)
    #expect(try images(in: folder.path + "/") == expected)
  }

  @Test func symbolicLinksAreFollowedOnce() throws {
    try folder.write("faces/a.jpg", [0])
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: folder.path + "/faces/loop", withDestinationPath: folder.path)
    try manager.createSymbolicLink(atPath: folder.path + "/again", withDestinationPath: folder.path + "/faces")
    try manager.createSymbolicLink(atPath: folder.path + "/self", withDestinationPath: "self")
    try manager.createSymbolicLink(atPath: folder.path + "/z.jpg", withDestinationPath: folder.path + "/faces/a.jpg")
    #expect(try images(in: folder.path) == ["/again/a.jpg", "/z.jpg"].map { folder.path + $0 })
  }

  @Test func folderNamedLikeAnImage() throws {
    try folder.write("odd.jpg/a.png", [0])
    #expect(try images(in: folder.path) == [folder.path + "/odd.jpg/a.png"])
  }

  @Test func pipesAreLeftOut() throws {
    try folder.write("a.jpg", [0])
    #expect(mkfifo(folder.path + "/b.jpg", 0o600) == 0)
    #expect(try images(in: folder.path) == [folder.path + "/a.jpg"])
  }

  @Test func otherImagesAreCounted() throws {
    for name in ["a.jpg", "b.webp", "c/d.HEIC", "e.webp"] { try folder.write(name, [0]) }
    var search = ImageSearch()
    try search.add(FilePath(folder.path))
    #expect(search.images.count == 1)
    #expect(search.passedOverNote?.hasPrefix("3 other image files were passed over (.webp, .heic): ") == true)
  }

  @Test func namesAreBytes() throws {
    let names: [[UInt8]] = [
      Array("Jose\u{301}.jpg".utf8), Array("Jos\u{e9}.jpg".utf8), [0x4a, 0xf6, 0x2e, 0x6a, 0x70, 0x67],
    ]
    for name in names {
      let path = FilePath(folder.path).appending(component: name)
      let file = path.withCString { open($0, O_WRONLY | O_CREAT, 0o600) }
      #expect(file >= 0 && close(file) == 0)
    }
    var search = ImageSearch()
    try search.add(FilePath(folder.path))
    #expect(search.images.map { Array($0.name) } == names.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(Set(search.images).count == 3)
  }

  @Test(.disabled(if: getuid() == 0, "root may read everything"))
  func foldersThatCannotBeReadAreSkipped() throws {
    try folder.write("a.jpg", [0])
    try folder.write("lost+found/b.jpg", [0])
    #expect(chmod(folder.path + "/lost+found", 0) == 0)
    defer { chmod(folder.path + "/lost+found", 0o700) }
    var search = ImageSearch()
    try search.add(FilePath(folder.path))
    #expect(search.images.map { $0.description } == [folder.path + "/a.jpg"])
    #expect(search.notes.count == 1 && search.notes[0].contains("\(folder.path)/lost+found: Permission denied"))
  }

  @Test func singleImage() throws {
    #expect(try images(in: testImage("rgb.png")) == [testImage("rgb.png")])
    let nameless = try folder.write("picture", try bytes(of: testImage("baseline.jpg")))
    #expect(try images(in: nameless) == [nameless])
  }

  /// Its reader says what is wrong with it, and other images beside it are read.
  @Test(arguments: ["none", "none.jpg", "photo.webp", "blob"])
  func whatIsNoListStandsForItself(name: String) throws {
    try folder.write("photo.webp", Array("RIFF".utf8))
    try folder.write("blob", [0x61, 0x00, 0x62])
    let path = folder.path + "/" + name
    #expect(try images(in: path) == [path])
  }

  @Test func listOfPaths() throws {
    try folder.write("lists/blank at the end.jpg ", [0])
    let list = try folder.write(
      "lists/faces.txt",
      [0xef, 0xbb, 0xbf]
        + Array("b.jpg\r\n\n  \n/tmp/a b.png\rsub/c.jpeg \t\n\u{feff}d.jpg\nblank at the end.jpg ".utf8)
        + [0x0a, 0xf6])
    #expect(
      try images(in: list) == [
        folder.path + "/lists/b.jpg", "/tmp/a b.png", folder.path + "/lists/sub/c.jpeg",
        folder.path + "/lists/\u{feff}d.jpg",
        folder.path + "/lists/blank at the end.jpg ", folder.path + "/lists/\\xf6",
      ])
  }

  /// A path that leads nowhere, as a link to itself does, does not cost those after it.
  @Test func whatCannotBeExaminedInAList() throws {
    let loop = folder.path + "/loop"
    try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
    let list = try folder.write("faces.txt", Array("loop/a.jpg \nb.jpg\n".utf8))
    #expect(try images(in: list) == [loop + "/a.jpg", folder.path + "/b.jpg"])
  }

  @Test func longListIsReadInBlocks() throws {
    let names = (0..<20_000).map { "folder/picture number \($0).jpg" }
    let list = try folder.write("faces.txt", Array(names.joined(separator: "\r\n").utf8))
    #expect(try images(in: list) == names.map { folder.path + "/" + $0 })
  }

  @Test func lineThatIsNoPath() throws {
    let line = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 17)
    let list = try folder.write("faces.txt", Array("a.jpg\n".utf8) + line)
    let message = failure { () throws(FaceqError) in try images(in: list) }
    #expect(message?.contains("a line in it is too long for a path") == true)
  }

  @Test func listWithZeros() throws {
    let list = try folder.write("faces", Array("a\nb.jpg\0\u{feff}c \0\0d".utf8))
    var reader = try PathReader(list: FilePath(list), separator: .zeros)
    var paths: [FilePath] = []
    while let path = try reader.next() { paths.append(path) }
    #expect(paths == ["a\nb.jpg", "\u{feff}c ", "d"])
  }

  @Test(arguments: [[0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00], [0xfe, 0xff, 0x00, 0x61]] as [[UInt8]])
  func listInUTF16(bytes: [UInt8]) throws {
    let list = try folder.write("faces.txt", bytes)
    let message = failure { () throws(FaceqError) in try images(in: list) }
    #expect(message?.hasPrefix("\(list) is a text in UTF-16; save it in UTF-8") == true)
  }

  @Test func folderWithoutImages() throws {
    try folder.write("readme.txt", [0])
    let message = failure { () throws(FaceqError) in try images(in: folder.path) }
    #expect(
      message == "cannot find images in \(folder.path): it holds no .jpg, .jpeg or .png file; name a folder with images"
    )
  }

  @Test func emptyList() throws {
    let list = try folder.write("faces.txt", Array("\n \n".utf8))
    let message = failure { () throws(FaceqError) in try images(in: list) }
    #expect(
      message == "cannot find images in \(list): it is a list without a path; put one on each line, or name a folder")
  }

  @Test func folderThatCannotBeListed() {
    let path = folder.path + "/" + String(repeating: "n", count: 300)
    let message = failure { () throws(FaceqError) in try images(in: path) }
    #expect(message?.hasPrefix("cannot list \(path): ") == true)
  }
}
