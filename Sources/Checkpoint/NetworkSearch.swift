import FaceqSupport
import QuantRuntime

/// Finds the network in a checkpoint: the dictionary, and in it the prefix of names, behind which an architecture
/// recognises its tensors. Names that training code gives to dictionaries and prefixes do not matter.
struct NetworkSearch {
  /// A place where a network may be.
  struct Place {
    var dictionary: CheckpointContents.Dictionary
    /// What all names of the network begin with: empty, `module.`, `model.backbone.`.
    var prefix: String
    var plan: NetworkPlan
    var faults: NetworkPlan.Faults

    /// `state_dict.model`, or a dot for the file's own dictionary without a prefix.
    var name: String {
      let name = [dictionary.path, String(prefix.dropLast())].filter { !$0.isEmpty }.joined(separator: ".")
      return name.isEmpty ? "." : name
    }
  }

  /// The networks of a training run lie no deeper: `state_dict`, `model.backbone.module.…`.
  private static let longestPrefix = 4

  private let contents: CheckpointContents
  private let places: [Place]

  /// - Parameter size: the picture's size, where it is not to be told from the tensors' shapes.
  init(_ contents: CheckpointContents, _ size: Size?) {
    self.contents = contents
    var places: [Place] = []
    for dictionary in contents.dictionaries {
      for prefix in Self.prefixes(of: dictionary.tensors.map(\.name)) {
        if let place = Self.place(dictionary, prefix, size) { places.append(place) }
      }
    }
    self.places = places
  }

  /// - Parameter name: of the place to take; nil takes the only one whose tensors fit.
  /// - Throws: where none fits, with what is wrong with the one that fits best, or where several do, naming them.
  func place(_ name: String?) throws(FaceqError) -> Place {
    let fitting = places.filter { $0.faults.count == 0 }
    let choices = fitting.isEmpty ? places : fitting
    if let name {
      guard let place = places.first(where: { $0.name == name }) else {
        throw contents.file.error("has no network at \(printable(name))\(Self.list(choices)); name one of these")
      }
      return try checked(place)
    }
    guard fitting.count <= 1 else {
      throw contents.file.error("holds several networks\(Self.list(fitting)); say which one is meant")
    }
    if let place = fitting.first { return place }
    guard let nearest = places.min(by: { $0.faults.count < $1.faults.count }) else { throw unknown() }
    return try checked(nearest)
  }

  private func checked(_ place: Place) throws(FaceqError) -> Place {
    guard place.faults.count > 0 else { return place }
    for (name, function) in place.dictionary.unknown
    where name.hasPrefix(place.prefix) && place.faults.missing.contains(String(name.dropFirst(place.prefix.count))) {
      throw contents.file.error(
        "has a tensor, \(printable(name)), that only the function \(printable(function)) could make; faceq does not run "
          + "code from files: save it as a plain tensor")
    }
    throw place.plan.error(place.faults, file: contents.file)
  }

  private func unknown() -> FaceqError {
    guard let largest = contents.dictionaries.max(by: { $0.tensors.count < $1.tensors.count }) else {
      return contents.noTensors()
    }
    let names = largest.tensors.map(\.name)
    return contents.file.error(
      "holds a network that faceq does not know (\(names.count) tensors: "
        + "\(names.prefix(3).map(printable).joined(separator: ", ")), …); it reads IR and IR-SE as InsightFace_Pytorch "
        + "names them, AdaFace's IR, arcface_torch's iresnet and MobileFaceNet")
  }

  /// `: state_dict.student, state_dict.teacher`.
  private static func list(_ places: [Place]) -> String {
    places.isEmpty ? "" : ": " + places.prefix(8).map { printable($0.name) }.joined(separator: ", ")
  }

  private static func place(
    _ dictionary: CheckpointContents.Dictionary, _ prefix: String, _ size: Size?
  ) -> Place? {
    let tensors = dictionary.tensors.compactMap { name, tensor in
      name.hasPrefix(prefix) ? (name: String(name.dropFirst(prefix.count)), shape: tensor.shape) : nil
    }
    let shapes = CheckpointShapes(tensors)
    for architecture in [ImprovedResidual.plan, InsightFaceResidual.plan, MobileFaceNet.plan] {
      if let plan = architecture(shapes, size) {
        return Place(dictionary: dictionary, prefix: prefix, plan: plan, faults: plan.faults(of: shapes))
      }
    }
    return nil
  }

  /// What names begin with, up to a dot, in the order of their lengths: each with enough names for a network.
  private static func prefixes(of names: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for name in names {
      var prefix = ""
      for component in name.split(separator: ".", maxSplits: longestPrefix, omittingEmptySubsequences: false).dropLast()
        .prefix(longestPrefix)
      {
        prefix += component + "."
        counts[prefix, default: 0] += 1
      }
    }
    let fewestTensors = 10
    return [""]
      + counts.filter { $0.value >= fewestTensors }.map(\.key).sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
  }
}
