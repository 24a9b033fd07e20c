import FaceImages
import FaceqSupport
import Foundation

/// Photos and faces of people: those of ../shared or, where that is not there, pictures of the same names and sizes that
/// are put together from the portraits of scripts/fetch-photos.
package struct TestPictures: Sendable {
  /// The folder with face0.jpg, jf.jpg and office1.jpg … office5.jpg. The first two show one face; jf is not that of `heads`.
  package let photos: String
  /// How many faces each photo shows, by its name. A detector may find fewer of the small ones in ../shared/photos.
  package let faces: [String: Int]
  /// Aligned faces of one person.
  package let aligned: [String]
  /// Photos of the same person, not much more than the head.
  package let heads: [String]
  /// The head of somebody else.
  package let otherHead: String
  /// A photo of somebody upright.
  package let upright: String
  /// Photos that end where the face ends.
  package let tightCrops: [String]
  /// Keeps what was put together until the process ends.
  private let folder: TemporaryFolder?
}

/// Nil where there are neither, and tests that need them are skipped.
package let testPictures: TestPictures? = sharedFolder.map(TestPictures.init(shared:)) ?? madePictures

/// Why tests are skipped.
package let picturesMissing = "needs ../shared or the portraits of scripts/fetch-photos"

private let madePictures: TestPictures? = {
  let portraits = packageFolder + "/.build/photos"
  guard FileManager.default.fileExists(atPath: portraits) else { return nil }
  return try? TestPictures(portraits: portraits)
}()

extension TestPictures {
  fileprivate init(shared: String) {
    folder = nil
    upright = shared + "/cases/images/plain.jpg"
    tightCrops = (0..<3).map { "\(shared)/cases/folders/tight_crops/\($0).png" }
    photos = shared + "/photos"
    faces = ["face0": 1, "jf": 1, "office1": 17, "office2": 4, "office3": 4, "office4": 12, "office5": 12]
    aligned = ["0002", "0004"].map { "\(shared)/faces/dev/Al_Gore/Al_Gore_\($0).jpg" }
    heads = ["0002", "0004", "0006"].map { "\(shared)/faces/dev_loose/Al_Gore/Al_Gore_\($0).jpg" }
    otherHead = shared + "/faces/dev_loose/Jennifer_Lopez/Jennifer_Lopez_0001.jpg"
  }

  fileprivate init(portraits: String) throws {
    let folder = try TemporaryFolder()
    folder.removeAtExit()
    func head(_ name: String, left: Int, top: Int, side: Int) throws -> RGBImage {
      try readImage(path: FilePath("\(portraits)/\(name).jpg"))
        .part(rows: top..<top + side, columns: left..<left + side)
    }
    let person = [
      try head("obama", left: 237, top: 0, side: 520), try head("obama2", left: 0, top: 150, side: 600),
      try head("obama3", left: 503, top: 150, side: 600),
    ]
    let other = try head("biden", left: 293, top: 100, side: 600)
    for (index, head) in person.enumerated() {
      try writeJPEG(head.shrunk(width: 200, height: 200), to: FilePath(folder("head\(index).jpg")))
      let side = head.width
      let tight = head.part(rows: side / 4..<side * 3 / 4, columns: side * 27 / 100..<side * 73 / 100)
      try writePNG(tight.shrunk(width: 200, height: 220), to: FilePath(folder("tight\(index).png")))
    }
    try writeJPEG(other.shrunk(width: 200, height: 200), to: FilePath(folder("other.jpg")))
    // As MTCNN places the eyes, the nose and the corners of the mouth in the heads.
    let landmarks: [[Float]] = [
      [208.3, 214.7, 314.7, 214.2, 260.7, 277.7, 198.6, 324.8, 320.1, 320.5],
      [251.3, 214, 374.9, 232, 285.2, 297, 247.4, 371.7, 351, 378.7],
    ]
    for (index, numbers) in landmarks.enumerated() {
      let points = (0..<5).map { Point(x: numbers[2 * $0], y: numbers[2 * $0 + 1]) }
      try writePNG(alignFace(person[index], landmarks: points), to: FilePath(folder("aligned\(index).png")))
    }
    try FileManager.default.createDirectory(atPath: folder("photos"), withIntermediateDirectories: false)
    func write(_ image: RGBImage, _ name: String) throws {
      try writeJPEG(image, to: FilePath(folder("photos/\(name).jpg")))
    }
    try write(person[0].part(rows: 35..<456, columns: 81..<441).shrunk(width: 112, height: 131), "face0")
    try write(
      readImage(path: FilePath(portraits + "/biden.jpg")).part(rows: 70..<707, columns: 340..<840)
        .resized(width: 487, height: 620), "jf")
    var faces = ["face0": 1, "jf": 1]
    for (name, width, height, columns, rows) in [
      ("office1", 899, 399, 6, 2), ("office2", 1280, 720, 4, 1), ("office3", 570, 380, 3, 1),
      ("office4", 615, 407, 4, 3), ("office5", 500, 375, 8, 6),
    ] {
      try write(group(person + [other], width: width, height: height, columns: columns, rows: rows), name)
      faces[name] = columns * rows
    }
    self.folder = folder
    upright = folder("head0.jpg")
    tightCrops = (0..<3).map { folder("tight\($0).png") }
    photos = folder("photos")
    self.faces = faces
    aligned = [folder("aligned0.png"), folder("aligned1.png")]
    heads = (0..<3).map { folder("head\($0).jpg") }
    otherHead = folder("other.jpg")
  }
}

/// Heads of several sizes in rows and columns on grey, every other one mirrored.
private func group(_ heads: [RGBImage], width: Int, height: Int, columns: Int, rows: Int) -> RGBImage {
  var pixels = [UInt8](repeating: 120, count: 3 * width * height)
  let side = min(width / columns, height / rows)
  for place in 0..<columns * rows {
    let size = side - place % 5 * side / 10
    var head = heads[place % heads.count].shrunk(width: size, height: size)
    if place % 2 == 1 { head = head.mirrored() }
    let (left, top) = (place % columns * width / columns, place / columns * height / rows)
    for row in 0..<size {
      let start = 3 * ((top + row) * width + left)
      pixels.replaceSubrange(start..<start + 3 * size, with: head.pixels[3 * row * size..<3 * (row + 1) * size])
    }
  }
  return RGBImage(width: width, height: height, pixels: pixels)
}
