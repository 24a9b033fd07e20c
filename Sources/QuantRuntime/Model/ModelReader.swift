/// Reads a model file's keys and tensors, each checked for type and size.
struct ModelReader {
  let file: GGUFFile

  init(_ file: GGUFFile) { self.file = file }

  func description() throws(FaceqError) -> ModelDescription {
    var description = ModelDescription(
      architecture: try file.string(ModelKey.architecture), parameters: try file.unsigned(ModelKey.parameters),
      source: ModelDescription.Source(
        name: try file.string(ModelKey.sourceName), sha256: try file.string(ModelKey.sourceSHA256)),
      isStandIn: file.value(ModelKey.standIn) == .bool(true))
    if file.value(ModelKey.calibrationTool) != nil {
      let drift = try file.floats(ModelKey.drift)
      guard drift.count == 5 else { throw FaceqError("\(file.path): key \"\(ModelKey.drift)\" has not 5 numbers") }
      description.calibration = ModelDescription.Calibration(
        tool: try file.string(ModelKey.calibrationTool), recipe: try file.string(ModelKey.calibrationRecipe),
        images: try file.unsigned(ModelKey.calibrationImages),
        imagesDigest: try file.string(ModelKey.calibrationDigest),
        floatDigest: try file.string(ModelKey.calibrationFloat),
        drift: DriftSummary(
          images: try file.unsigned(ModelKey.driftImages), mean: drift[0], median: drift[1], p5: drift[2],
          p1: drift[3], minimum: drift[4]),
        selfTest: try file.floats(ModelKey.selfTest))
    }
    return description
  }

  func input() throws(FaceqError) -> InputFormat {
    let order = try file.string(ModelKey.inputChannels)
    guard let channels = InputFormat.ChannelOrder(rawValue: order) else {
      throw FaceqError("\(file.path) wants its channels in the order \(order), which faceq does not know")
    }
    return InputFormat(
      height: try file.unsigned(ModelKey.inputHeight), width: try file.unsigned(ModelKey.inputWidth),
      channels: channels, divisor: try file.float(ModelKey.inputDivisor))
  }

  /// How many blocks there are; bounded by the tensors, of which each has one at least.
  func blockCount() throws(FaceqError) -> Int {
    let count = try file.unsigned(ModelKey.blocks)
    guard count <= file.tensors.count else { throw FaceqError("\(file.path) claims to have \(count) blocks") }
    return count
  }

  /// Numbers of the convolutions `PREFIX.0`, `PREFIX.1` …
  func chain(_ prefix: String) -> Range<Int> {
    var count = 0
    while file.value(ModelKey.geometry("\(prefix).\(count)")) != nil { count += 1 }
    return 0..<count
  }

  func geometry(_ prefix: String) throws(FaceqError) -> ConvolutionGeometry {
    guard case .uint32Array(let numbers)? = file.value(ModelKey.geometry(prefix)), numbers.count == 7,
      numbers.allSatisfy({ $0 <= 65536 }), numbers[2] <= 256, numbers[3] <= 256, numbers[4] > 0, numbers[6] > 0
    else { throw FaceqError("\(file.path) has no usable key \"\(ModelKey.geometry(prefix))\"; make the model again") }
    return ConvolutionGeometry(
      inputChannels: Int(numbers[0]), outputChannels: Int(numbers[1]), kernelHeight: Int(numbers[2]),
      kernelWidth: Int(numbers[3]), stride: Int(numbers[4]), padding: Int(numbers[5]), groups: Int(numbers[6]))
  }

  func has(_ name: String) -> Bool { file.tensorIfPresent(name) != nil }

  /// A tensor of exactly `count` elements, in the mapped file.
  func tensor<Element: GGUFElement & Sendable>(_ name: String, count: Int) throws(FaceqError) -> Tensor<Element> {
    let tensor = try file.tensor(name)
    guard tensor.type == Element.tensorType, tensor.count == count,
      UInt(bitPattern: tensor.bytes.baseAddress) % UInt(MemoryLayout<Element>.alignment) == 0
    else {
      throw FaceqError(
        "\(file.path): tensor \"\(name)\" has \(tensor.count) values of type \(tensor.type.name) where \(count) of "
          + "\(Element.tensorType.name) belong; make the model again")
    }
    return Tensor(file: tensor.file, bytes: tensor.bytes)
  }

  /// As `tensor`, of finite floats.
  func finite(_ name: String, count: Int) throws(FaceqError) -> Tensor<Float> {
    let tensor: Tensor<Float> = try tensor(name, count: count)
    guard tensor.buffer.allSatisfy({ $0.isFinite }) else {
      throw FaceqError("\(file.path): tensor \"\(name)\" holds a value that is not a number; make the model again")
    }
    return tensor
  }

  func array(_ name: String, count: Int) throws(FaceqError) -> [Float] {
    Array(try finite(name, count: count).buffer)
  }
}

/// Writes what `ModelReader` reads.
struct ModelWriter {
  var file = GGUFWriter()

  init(_ description: ModelDescription, precision: String, input: InputFormat, embeddingSize: Int) {
    file.set("general.architecture", .string("faceq"))
    file.set("general.name", .string(description.architecture))
    file.set(ModelKey.precision, .string(precision))
    file.set(ModelKey.architecture, .string(description.architecture))
    file.set(ModelKey.parameters, .uint64(UInt64(description.parameters)))
    file.set(ModelKey.embeddingSize, .uint32(UInt32(embeddingSize)))
    file.set(ModelKey.inputHeight, .uint32(UInt32(input.height)))
    file.set(ModelKey.inputWidth, .uint32(UInt32(input.width)))
    file.set(ModelKey.inputChannels, .string(input.channels.rawValue))
    file.set(ModelKey.inputDivisor, .float32(input.divisor))
    file.set(ModelKey.sourceName, .string(description.source.name))
    file.set(ModelKey.sourceSHA256, .string(description.source.sha256))
    file.set(ModelKey.standIn, .bool(description.isStandIn))
    if let calibration = description.calibration {
      let drift = calibration.drift
      file.set(ModelKey.calibrationTool, .string(calibration.tool))
      file.set(ModelKey.calibrationRecipe, .string(calibration.recipe))
      file.set(ModelKey.calibrationImages, .uint64(UInt64(calibration.images)))
      file.set(ModelKey.calibrationDigest, .string(calibration.imagesDigest))
      file.set(ModelKey.calibrationFloat, .string(calibration.floatDigest))
      file.set(ModelKey.driftImages, .uint64(UInt64(drift.images)))
      file.set(ModelKey.drift, .float32Array([drift.mean, drift.median, drift.p5, drift.p1, drift.minimum]))
      file.set(ModelKey.selfTest, .float32Array(calibration.selfTest))
    }
  }

  mutating func set(_ geometry: ConvolutionGeometry, _ prefix: String) {
    file.set(
      ModelKey.geometry(prefix),
      .uint32Array(
        [
          geometry.inputChannels, geometry.outputChannels, geometry.kernelHeight, geometry.kernelWidth,
          geometry.stride, geometry.padding, geometry.groups,
        ].map { UInt32($0) }))
  }

  mutating func add<Element: GGUFElement>(_ name: String, _ tensor: Tensor<Element>, dimensions: [Int]? = nil) {
    file.add(name, dimensions: dimensions ?? [tensor.count]) { () throws(FaceqError) -> [Element] in
      Array(tensor.buffer)
    }
  }
}
