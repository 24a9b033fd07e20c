import FaceqSupport

/// Everything in a checkpoint that may be a network: its dictionaries of tensors, whose numbers are not looked at yet.
struct CheckpointContents {
  /// Tensors by name, in the file's order; names may repeat.
  struct Dictionary {
    /// How the dictionary is reached: `optimizer.state`, or empty for the file's own.
    var path: String
    var tensors: [(name: String, tensor: StoredTensor)]
    /// Where the file has something else than tensors: the function that would make it, by its name in the dictionary.
    var unknown: [(name: String, function: String)] = []
  }

  let file: CheckpointFile
  var dictionaries: [Dictionary]
  /// Where the storages of pickled tensors lie.
  var storages: StorageTable?
  /// The first function that a pickle names and that faceq does not know.
  var unknownFunction: String?

  init(
    file: CheckpointFile, dictionaries: [Dictionary], storages: StorageTable, unknownFunction: String?
  ) {
    self.file = file
    self.dictionaries = dictionaries
    self.storages = storages
    self.unknownFunction = unknownFunction
  }

  /// The contents of a file that has one dictionary and no more.
  init(_ tensors: [(name: String, tensor: StoredTensor)], file: CheckpointFile) {
    self.file = file
    dictionaries = tensors.isEmpty ? [] : [Dictionary(path: "", tensors: tensors)]
  }

  /// The tensors of `dictionary` whose names begin with `prefix`, and without it.
  func state(_ dictionary: Dictionary, prefix: String = "") throws(FaceqError) -> StateDict {
    var views: [(name: String, tensor: TensorView)] = []
    for (name, tensor) in dictionary.tensors where name.hasPrefix(prefix) {
      let view: TensorView
      switch tensor {
      case .view(let stored): view = stored
      case .pickled(let pickled):
        guard let storages else { preconditionFailure("pickled tensors come with storages") }
        view = try storages.view(name, pickled)
      }
      views.append((String(name.dropFirst(prefix.count)), view))
    }
    return try StateDict(views, file: file)
  }
}

/// A tensor of which so far only the shape is needed.
enum StoredTensor {
  case view(TensorView)
  case pickled(PickledTensor)

  var shape: [Int] {
    switch self {
    case .view(let view): view.shape
    case .pickled(let tensor): tensor.shape
    }
  }
}

extension CheckpointContents {
  /// The one dictionary of the file, or the one under a usual name.
  ///
  /// - Throws: where there is none, or which one is meant is not clear.
  func onlyDictionary() throws(FaceqError) -> Dictionary {
    // What training scripts call the network's state; an optimizer's, beside it, holds tensors too, and so may the root
    // (a best accuracy).
    for usual in ["state_dict", "net_state_dict", "model_state_dict", "model", "net", "network", "backbone", ""] {
      if let dictionary = dictionaries.first(where: { $0.path == usual }) { return dictionary }
    }
    guard dictionaries.count <= 1 else {
      let paths = dictionaries.prefix(8).map { printable($0.path) }.joined(separator: ", ")
      throw file.error(
        "holds several dictionaries of tensors (\(paths)) and none under a usual name; save the network's state_dict() "
          + "alone and import that")
    }
    guard let dictionary = dictionaries.first else { throw noTensors() }
    return dictionary
  }

  func noTensors() -> FaceqError {
    unknownFunction.map(file.refusing)
      ?? file.error("holds no tensors; save the network's state_dict() and import that")
  }
}
