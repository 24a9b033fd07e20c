import FaceqSupport

/// The memory that a session's programs work in, one at a time: it grows with the largest of them.
final class ProgramMemory {
  private let valueBuffer = GrowingBuffer()
  private let scratchBuffer = GrowingBuffer()
  private var scratchBytes = 0

  /// How often the memory for values has moved: programs that were laid out before that are of no use any more.
  var moves: Int { valueBuffer.moves }
  var byteCount: Int { valueBuffer.byteCount + scratchBuffer.byteCount }

  /// The memory for so many bytes of values.
  func values(_ bytes: Int) -> UnsafeMutableRawPointer { valueBuffer.reserve(bytes) }

  /// As `values`.
  ///
  /// - Throws: where the system has no memory for them; what was there is untouched then.
  func checkedValues(_ bytes: Int) throws(FaceqError) -> UnsafeMutableRawPointer {
    if bytes > valueBuffer.byteCount { try checkMemory(bytes) }
    return values(bytes)
  }

  /// Notes that a step needs so many bytes besides.
  func reserveScratch(_ bytes: Int) { scratchBytes = max(scratchBytes, bytes) }

  /// Allocates what was noted. To be called between runs.
  func allocateScratch() { if scratchBytes > 0 { _ = scratchBuffer.reserve(scratchBytes) } }

  /// A worker's share of what threads need for themselves while they run a part of a step, where each has so many bytes.
  func scratch(of worker: Int, bytes: Int) -> UnsafeMutableRawPointer? {
    scratchBuffer.memory.map { $0 + worker * bytes }
  }
}

/// Memory that only grows, aligned to 64 bytes.
private final class GrowingBuffer {
  private(set) var memory: UnsafeMutableRawPointer?
  private(set) var byteCount = 0
  private(set) var moves = 0

  deinit { memory?.deallocate() }

  /// At least so many bytes; what was in them may be lost.
  func reserve(_ bytes: Int) -> UnsafeMutableRawPointer {
    if let memory, bytes <= byteCount { return memory }
    memory?.deallocate()
    let count = max(bytes, 64)
    let grown = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
    grown.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    memory = grown
    byteCount = count
    moves += 1
    return grown
  }
}
