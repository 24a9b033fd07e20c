import FaceBank
import FaceqSupport
import QuantRuntime
import SIMDKernels

/// Notices where a bank was changed while it is in use: whoever is enrolled is recognised a moment later.
final class BankChanges<Storage: BankStorage> {
  private let storage: Storage
  private let path: FilePath
  private let binding: BankBinding
  private let kernels: KernelTable
  private let console: Console
  private var facts: FileFacts?
  private var lastLook: Double

  /// Seconds between two looks at the file.
  private static var pause: Double { 1 }

  init(_ storage: Storage, _ path: FilePath, _ binding: BankBinding, _ kernels: KernelTable, _ console: Console) {
    self.storage = storage
    self.path = path
    self.binding = binding
    self.kernels = kernels
    self.console = console
    facts = try? fileFacts(path)
    lastLook = monotonicSeconds()
  }

  /// Who is in a bank; nil for nobody.
  func search(_ bank: FaceBank) -> PersonSearch? { bank.faces.isEmpty ? nil : PersonSearch(bank, kernels: kernels) }

  /// The people of the bank where it was changed since the last call. What is wrong with it then is noted, and the people
  /// stay as they are.
  func changed() -> PersonSearch? {
    let now = monotonicSeconds()
    guard now - lastLook >= Self.pause else { return nil }
    lastLook = now
    let current = try? fileFacts(path)
    guard current != facts else { return nil }
    facts = current
    do throws(FaceqError) {
      let bank = try storage.existingBank(at: path)
      try bank.binding.check(binding, bank: path)
      console.note("\(path) was changed: \(contentsText(bank))")
      return PersonSearch(bank, kernels: kernels)
    } catch {
      console.note("\(error.message); the people from before are still recognised")
      return nil
    }
  }
}
