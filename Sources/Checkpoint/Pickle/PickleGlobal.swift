/// The Python functions and classes that a state dict's pickle may name. None is ever called: each stands for a value
/// that the reader itself can make.
enum PickleGlobal: Equatable {
  /// `collections.OrderedDict`
  case orderedDictionary
  /// `torch._utils._rebuild_tensor` and its later versions, which add arguments at the end.
  case rebuildTensor
  /// `torch._utils._rebuild_tensor_v3`, which names the element type itself.
  case rebuildTypedTensor
  /// `torch._utils._rebuild_parameter`
  case rebuildParameter
  /// `torch.FloatStorage` and the like; nil is `UntypedStorage`, bytes.
  case storage(ElementType?)
  /// `torch.float32` and the like.
  case elementType(ElementType)
  /// `torch.Size`, a tuple.
  case size
  /// `torch.device`, which nothing here needs to know.
  case device
  /// `collections.Counter`, made of a dictionary.
  case counter
  /// `collections.defaultdict`, which begins empty.
  case defaultDictionary

  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_tensor_v3"): self = .rebuildTypedTensor
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      self = .rebuildParameter
    case ("collections", "Counter"): self = .counter
    case ("collections", "defaultdict"): self = .defaultDictionary
    case ("torch", "Size"): self = .size
    case ("torch", "device"): self = .device
    case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): self = .storage(nil)
    case ("torch", _), ("torch.cuda", _), ("torch.storage", _):
      if let type = Self.storages[name] {
        self = .storage(type)
      } else if module == "torch", let type = ElementType(rawValue: name) {
        self = .elementType(type)
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let storages: [String: ElementType] = [
    "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
    "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
    "BoolStorage": .bool,
  ]
}
