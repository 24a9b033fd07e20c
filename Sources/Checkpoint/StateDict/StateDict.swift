import FaceqSupport

/// A checkpoint's tensors by name, in the file's order.
package struct StateDict: Sendable {
  /// In the file's order.
  package let names: [String]
  private let tensors: [String: TensorView]
  let file: CheckpointFile

  /// - Parameter tensors: names may repeat: the last of a name counts, as in PyTorch.
  init(_ tensors: [(name: String, tensor: TensorView)], file: CheckpointFile) throws(FaceqError) {
    guard !tensors.isEmpty else {
      throw file.error("holds no tensors; save the network's state_dict() and import that")
    }
    // DataParallel saves its one child, the network, under this name.
    let prefix = "module."
    let isWrapped = tensors.allSatisfy { $0.name.hasPrefix(prefix) }
    var names: [String] = []
    var byName: [String: TensorView] = [:]
    var bytes = 0
    for (name, tensor) in tensors {
      let name = isWrapped ? String(name.dropFirst(prefix.count)) : name
      if byName.updateValue(tensor, forKey: name) == nil { names.append(name) }
      bytes += tensor.count * tensor.type.size
      guard bytes / 4 <= file.bytes.count else {
        throw file.damaged("its tensors overlap, to more than four times the file's size")
      }
    }
    self.names = names
    self.tensors = byName
    self.file = file
  }

  package subscript(name: String) -> TensorView? { tensors[name] }
}
