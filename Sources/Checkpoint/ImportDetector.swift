import QuantRuntime

/// Reads the three checkpoints of MTCNN under the names that facenet-pytorch gives files and layers.
///
/// - Parameter folder: where `pnet.pt`, `rnet.pt` and `onet.pt` are.
/// - Throws: an error that names the file and, where a tensor does not fit, the tensor.
public func importDetector(folder: FilePath) throws(FaceqError) -> DetectorWeights {
  var weights = DetectorWeights()
  for network in DetectorNetwork.allCases {
    let file = try CheckpointFile(path: folder.appending(component: "\(network.rawValue).pt".utf8))
    let state = try StateDict(file)
    let names = network.layerNames
    var units: [ConvolutionUnit] = []
    for (index, geometry) in network.convolutions.enumerated() {
      units.append(try state.unit(names[index], slopes: "prelu\(index + 1)", geometry))
    }
    weights.set(
      network, units, source: ModelDescription.Source(name: file.name, sha256: file.sha256()))
  }
  return weights
}

extension DetectorNetwork {
  /// The checkpoint's layers that make each convolution; those of the last one are its heads.
  fileprivate var layerNames: [[String]] {
    switch self {
    case .proposal: [["conv1"], ["conv2"], ["conv3"], ["conv4_1", "conv4_2"]]
    case .refinement: [["conv1"], ["conv2"], ["conv3"], ["dense4"], ["dense5_1", "dense5_2"]]
    case .output: [["conv1"], ["conv2"], ["conv3"], ["conv4"], ["dense5"], ["dense6_1", "dense6_2", "dense6_3"]]
    }
  }
}

extension StateDict {
  /// The layers called `names` side by side as one convolution, with a PReLU where there is one layer only.
  fileprivate func unit(
    _ names: [String], slopes: String, _ geometry: ConvolutionGeometry
  ) throws(FaceqError) -> ConvolutionUnit {
    var weights: [Float] = []
    var bias: [Float] = []
    for name in names {
      let layerBias = try floats(name + ".bias", count: nil)
      weights += try kernels(name + ".weight", outputs: layerBias.count, geometry)
      bias += layerBias
    }
    guard bias.count == geometry.outputChannels else {
      throw file.error(
        "has \(bias.count) channels in \(names.joined(separator: ", ")) where MTCNN has \(geometry.outputChannels); "
          + "give facenet-pytorch's own checkpoints")
    }
    return ConvolutionUnit(
      geometry: geometry, weights: weights, bias: bias,
      slopes: names.count == 1 ? try floats(slopes + ".weight", count: bias.count) : nil)
  }

  /// A layer's weights as [output][row][column][input].
  ///
  /// PyTorch's convolutions are [output][input][row][column]. Its linear layers here are [output][column, row, input]:
  /// the port flattens maps column by column, as the Caffe networks that the weights are from stored them.
  private func kernels(_ name: String, outputs: Int, _ geometry: ConvolutionGeometry) throws(FaceqError) -> [Float] {
    let (rows, columns, inputs) = (geometry.kernelHeight, geometry.kernelWidth, geometry.inputChannels)
    let values = try floats(name, count: outputs * geometry.weightsPerOutput)
    let isLinear = self[name]?.shape.count == 2
    var kernels: [Float] = []
    kernels.reserveCapacity(values.count)
    for output in 0..<outputs {
      for row in 0..<rows {
        for column in 0..<columns {
          for input in 0..<inputs {
            let within = isLinear ? (column * rows + row) * inputs + input : (input * rows + row) * columns + column
            kernels.append(values[output * geometry.weightsPerOutput + within])
          }
        }
      }
    }
    return kernels
  }

  private func floats(_ name: String, count: Int?) throws(FaceqError) -> [Float] {
    guard let tensor = self[name] else {
      throw file.error("has no tensor \(name), so it is not MTCNN's; give facenet-pytorch's own checkpoints")
    }
    guard count == nil || tensor.count == count else {
      throw file.error(
        "has \(tensor.count) values in \(name) where MTCNN has \(count ?? 0); give facenet-pytorch's own checkpoints")
    }
    let values = tensor.floats()
    guard values.allSatisfy(\.isFinite) else {
      throw file.error("has a value in \(name) that is not a number; download it again")
    }
    return values
  }
}
