/// One allocation for all activations of a session.
///
/// A program is built twice: first to learn how large each buffer must be, then, behind `allocate`, with real
/// addresses. A buffer's name stands for its lifetime: whoever asks for the same name again is done with what was in
/// it.
final class Arena {
  enum Buffer: Int, CaseIterable {
    case image, trunk, otherTrunk, branch, convolutionInput, otherConvolutionInput, sums, means, hidden, gate, embedding
    /// What threads need for themselves while they run a part.
    case scratch
  }

  private var sizes = [Int](repeating: 0, count: Buffer.allCases.count)
  private var memory: UnsafeMutableRawPointer?
  /// What buffers point to while their sizes are learnt: never read or written.
  private let measuring = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
  /// Kernels load whole vectors and may read this far behind a buffer.
  private static let slack = 64

  deinit {
    memory?.deallocate()
    measuring.deallocate()
  }

  /// Sizes are still being learnt.
  var isMeasuring: Bool { memory == nil }
  /// Bytes in all, once allocated.
  var byteCount: Int { sizes.reduce(0) { $0 + Arena.rounded($1) } }

  func allocate() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    self.memory = memory
  }

  /// The buffer, at least `count` elements long and aligned to 64 bytes.
  func buffer<Element>(_ buffer: Buffer, count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    guard let memory else {
      sizes[buffer.rawValue] = max(sizes[buffer.rawValue], bytes)
      return measuring.assumingMemoryBound(to: Element.self)
    }
    precondition(bytes <= sizes[buffer.rawValue])
    let offset = sizes[..<buffer.rawValue].reduce(0) { $0 + Arena.rounded($1) }
    return (memory + offset).assumingMemoryBound(to: Element.self)
  }

  private static func rounded(_ bytes: Int) -> Int { (bytes + slack + 63) / 64 * 64 }
}
