import FaceqSupport

/// Finds places for all values of a program in one allocation. Values that are never alive at the same time share
/// memory.
struct Arena {
  private(set) var byteCount = 0
  private var requests: [Request] = []

  /// Kernels load whole vectors and may read this far past a value's end.
  private static let slack = 64

  private struct Request {
    let bytes: Int
    /// The nodes from the one that writes the value to the last one that reads it.
    let nodes: ClosedRange<Int>
    var offset = 0
  }

  /// Asks for memory that is in use at some nodes.
  ///
  /// - Returns: the number to ask for its offset with.
  mutating func reserve(bytes: Int, nodes: ClosedRange<Int>) -> Int {
    requests.append(Request(bytes: (bytes + Arena.slack + 63) / 64 * 64, nodes: nodes))
    return requests.count - 1
  }

  /// Finds a place for everything: the largest first, each at the lowest place that nothing else has at the same time.
  ///
  /// - Parameter limit: bytes in all.
  /// - Throws: where more would be needed.
  mutating func place(limit: Int) throws(FaceqError) {
    let order = requests.indices.sorted { (requests[$0].bytes, $1) > (requests[$1].bytes, $0) }
    var placed: [Request] = []
    placed.reserveCapacity(order.count)
    for index in order {
      var request = requests[index]
      request.offset = Arena.place(for: request, among: placed)
      requests[index] = request
      byteCount = max(byteCount, request.offset + request.bytes)
      let position = placed.firstIndex { $0.offset > request.offset } ?? placed.count
      placed.insert(request, at: position)
    }
    guard byteCount <= limit else {
      throw FaceqError(
        "a picture of this size needs \(byteCount >> 20) MiB of memory, and at most \(limit >> 20) MiB are taken; make it "
          + "smaller")
    }
  }

  /// - Parameter placed: what has a place already, by its offset.
  private static func place(for request: Request, among placed: [Request]) -> Int {
    var offset = 0
    for other in placed where other.nodes.overlaps(request.nodes) {
      if other.offset >= offset + request.bytes { break }
      offset = max(offset, other.offset + other.bytes)
    }
    return offset
  }

  /// Where something that was reserved begins, a multiple of 64.
  func offset(_ number: Int) -> Int { requests[number].offset }
}
