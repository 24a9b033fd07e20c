import FaceqSupport
import SIMDKernels

/// People who can be searched, and what their embeddings are from.
public struct SearchedPeople {
  public let binding: BankBinding
  public let search: PersonSearch

  package init(binding: BankBinding, search: PersonSearch) {
    self.binding = binding
    self.search = search
  }

  /// The people of the bank that is at `path`.
  ///
  /// - Throws: where there is nobody.
  package init(_ bank: FaceBank, from path: FilePath, kernels: KernelTable) throws(FaceqError) {
    guard !bank.faces.isEmpty else { throw FaceqError("nobody is in \(path); enrol someone first") }
    self.init(binding: bank.binding, search: PersonSearch(bank, kernels: kernels))
  }
}
