import CSystem

/// A number that several threads count up.
package final class SharedCounter {
  private let address: UnsafeMutablePointer<Int32>

  package init() {
    address = .allocate(capacity: 1)
    address.initialize(to: 0)
  }

  deinit { address.deallocate() }

  package var value: Int { Int(system_load_acquire_32(address)) }
  package func increment() { _ = system_fetch_add_32(address, 1) }
}
