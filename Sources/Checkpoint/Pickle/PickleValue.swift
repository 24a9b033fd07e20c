/// A value on the pickle machine's stack. Containers are indices into a `PickleHeap`: they can be shared and changed as
/// in Python, and hostile nesting or cycles cannot make copying, searching or releasing them recurse.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case string(String)
  case global(PickleGlobal)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  case storage(Int)
  case tensor(Int)
  /// Something that a state dict may contain and an import has no use for: floats, bytes, huge integers, devices.
  case opaque
  /// A function or class that faceq does not know: an index into `PickleHeap.unknownNames`.
  case unknown(Int)
  /// What such a function or class would make: an index into `PickleHeap.objects`.
  case object(Int)
}

/// Everything a pickle has made, by index.
struct PickleHeap {
  var tuples: [[PickleValue]] = []
  var lists: [[PickleValue]] = []
  var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
  var storages: [PickledStorage] = []
  var tensors: [PickledTensor] = []
  /// `argparse.Namespace`, `numpy.core.multiarray.scalar`, …
  var unknownNames: [String] = []
  var objects: [PickledObject] = []
}

/// An object of which only its state is known, where the pickle gives one.
struct PickledObject {
  /// An index into `PickleHeap.unknownNames`.
  var name: Int
  /// What the object's attributes are set to.
  var state: PickleValue?
}

/// A storage as the pickle names it: part of the bytes that the file keeps under `key`.
struct PickledStorage {
  var key: String
  var type: ElementType
  /// Elements of the whole storage.
  var count: Int
  /// Elements in front of this view of it.
  var viewStart: Int
  var viewCount: Int
}

struct PickledTensor {
  var storage: PickledStorage
  var type: ElementType
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}

/// What a pickle holds.
struct Unpickled {
  var root: PickleValue
  var heap: PickleHeap
  /// The file position behind the pickle.
  var end: Int
}
