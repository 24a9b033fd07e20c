import CSystem

/// Memory whose end is a page that may not be touched: a kernel that reads or writes behind it ends the process there.
///
/// What lies before it holds a pattern, so that a kernel that writes there is found by `release`.
struct GuardedMemory {
  let base: UnsafeMutableRawPointer
  private let pages: UnsafeMutableRawPointer
  private let count: Int

  /// A multiple of the pages of all machines.
  private static var guardBytes: Int { 1 << 16 }
  /// So many bytes before the memory are looked at.
  private static var before: Int { 256 }
  private static var pattern: UInt8 { 0xa5 }

  /// - Parameter alignment: where it asks for it, less than so many bytes may be read and written behind the memory.
  init(byteCount: Int, alignment: Int = 1) {
    let byteCount = (byteCount + alignment - 1) / alignment * alignment
    count = ((byteCount + Self.before - 1) / Self.guardBytes + 1) * Self.guardBytes
    pages = Self.map(Self.map(nil, count + Self.guardBytes, isUsable: false), count, isUsable: true)
    base = pages + (count - byteCount)
    (base - Self.before).initializeMemory(as: UInt8.self, repeating: Self.pattern, count: Self.before)
  }

  func release() {
    for byte in UnsafeRawBufferPointer(start: base - Self.before, count: Self.before) {
      precondition(byte == Self.pattern, "a kernel wrote before its memory")
    }
    _ = munmap(pages, count + Self.guardBytes)
  }

  private static func map(
    _ address: UnsafeMutableRawPointer?, _ count: Int, isUsable: Bool
  ) -> UnsafeMutableRawPointer {
    // PROT_READ | PROT_WRITE; MAP_PRIVATE | MAP_ANONYMOUS, and MAP_FIXED.
    let mapped = mmap(address, count, isUsable ? 3 : 0, address == nil ? 0x22 : 0x32, -1, 0)
    precondition(Int(bitPattern: mapped) != -1, "there is no memory for the checks")
    return mapped
  }
}

/// Calls `body` with a copy of the values, which are numbers, behind which nothing may be read.
func withGuarded<Value>(_ values: [Value], _ body: (UnsafePointer<Value>) -> Void) {
  var values = values
  withGuarded(&values) { body(UnsafePointer($0)) }
}

/// Calls `body` with a copy of the values, which are numbers, behind which nothing may be read or written, and takes over
/// what it holds then.
func withGuarded<Value>(_ values: inout [Value], _ body: (UnsafeMutablePointer<Value>) -> Void) {
  let byteCount = values.count * MemoryLayout<Value>.stride
  let memory = GuardedMemory(byteCount: byteCount)
  defer { memory.release() }
  let pointer = memory.base.bindMemory(to: Value.self, capacity: values.count)
  for index in values.indices { (pointer + index).initialize(to: values[index]) }
  body(pointer)
  for index in values.indices { values[index] = pointer[index] }
}
