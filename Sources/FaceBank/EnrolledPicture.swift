import FaceqSupport

/// An aligned face as a JPEG file: what a person in a bank looked like to the model.
public struct EnrolledPicture: Sendable {
  private enum Content: Sendable {
    case bytes([UInt8])
    case stored(GGUFTensor, Range<Int>)
    case unread
  }

  /// The most bytes that a picture has: a face of 112×112 has about 5,000.
  package static let maximumBytes = 1 << 18

  private let content: Content

  /// - Parameter jpeg: the file's bytes.
  /// - Returns: nil for what is no JPEG file, or one of more than 256 KiB.
  package init?(jpeg: [UInt8]) {
    guard jpeg.count <= EnrolledPicture.maximumBytes, jpeg.starts(with: [0xff, 0xd8, 0xff]) else { return nil }
    content = .bytes(jpeg)
  }

  /// A part of a tensor of bytes, which stays in its file. As the other initialiser otherwise.
  init?(_ tensor: GGUFTensor, _ range: Range<Int>) {
    guard range.count <= EnrolledPicture.maximumBytes, tensor.bytes[range].starts(with: [0xff, 0xd8, 0xff]) else {
      return nil
    }
    content = .stored(tensor, range)
  }

  private init(_ content: Content) { self.content = content }

  /// A picture that is in the bank and was not read with it.
  package static let unread = EnrolledPicture(.unread)

  /// The file's bytes; nil where the bank was read without its pictures.
  package var bytes: [UInt8]? {
    switch content {
    case .bytes(let bytes): bytes
    case .stored(let tensor, let range): Array(tensor.bytes[range])
    case .unread: nil
    }
  }
}
