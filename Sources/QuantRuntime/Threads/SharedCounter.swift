import CSystem

/// A number that several threads count up.
public final class SharedCounter {
  private let address: UnsafeMutablePointer<Int32>

  public init() {
    address = .allocate(capacity: 1)
    address.initialize(to: 0)
  }

  deinit { address.deallocate() }

  public var value: Int { Int(system_load_acquire_32(address)) }
  public func increment() { _ = system_fetch_add_32(address, 1) }
}
