import FaceqSupport
import QuantRuntime

/// Reads the three checkpoints of MTCNN under the names that facenet-pytorch gives files and layers.
///
/// - Parameter folder: where `pnet.pt`, `rnet.pt` and `onet.pt` are.
/// - Throws: an error that names the file and, where a tensor does not fit, the tensor.
package func importDetector(folder: FilePath) throws(FaceqError) -> DetectorCascade {
  var detector = DetectorCascade()
  for network in DetectorNetwork.allCases {
    let file = try CheckpointFile(path: folder.appending(component: "\(network.rawValue).pt".utf8))
    let state = try StateDict(file)
    let topology = try Graph<Never>(listing: network.listing)
    let shapes = try topology.shapes()
    let layers = network.layerNames
    var position = 0
    let graph = try topology.mapLayers { (_, node) throws(FaceqError) -> FloatLayer? in
      guard case .convolution(let convolution) = node.operation else { return nil }
      position += 1
      return try state.layer(
        layers[position - 1], slopes: "prelu\(position)", convolution, inputs: shapes[node.inputs[0]].channels)
    }
    detector.set(network, graph, source: ModelDescription.Source(name: file.name, sha256: file.sha256()))
  }
  return detector
}

extension DetectorNetwork {
  /// It is fed pixels that were averaged, which need not be whole numbers. Linear layers are convolutions over all that
  /// is left of the picture.
  fileprivate var listing: String {
    switch self {
    case .proposal:
      """
      %0 = image 12×12 rgb (x − 127.5) / 128
      %1 = convolution %0 → 10, 3×3, prelu  pnet.0
      %2 = max pool %1, 2×2, stride 2, ceil
      %3 = convolution %2 → 16, 3×3, prelu  pnet.1
      %4 = convolution %3 → 32, 3×3, prelu  pnet.2
      %5 = convolution %4 → 6, 1×1  pnet.3
      outputs %5
      """
    case .refinement:
      """
      %0 = image 24×24 rgb (x − 127.5) / 128
      %1 = convolution %0 → 28, 3×3, prelu  rnet.0
      %2 = max pool %1, 3×3, stride 2, ceil
      %3 = convolution %2 → 48, 3×3, prelu  rnet.1
      %4 = max pool %3, 3×3, stride 2, ceil
      %5 = convolution %4 → 64, 2×2, prelu  rnet.2
      %6 = convolution %5 → 128, 3×3, prelu  rnet.3
      %7 = convolution %6 → 6, 1×1  rnet.4
      outputs %7
      """
    case .output:
      """
      %0 = image 48×48 rgb (x − 127.5) / 128
      %1 = convolution %0 → 32, 3×3, prelu  onet.0
      %2 = max pool %1, 3×3, stride 2, ceil
      %3 = convolution %2 → 64, 3×3, prelu  onet.1
      %4 = max pool %3, 3×3, stride 2, ceil
      %5 = convolution %4 → 64, 3×3, prelu  onet.2
      %6 = max pool %5, 2×2, stride 2, ceil
      %7 = convolution %6 → 128, 2×2, prelu  onet.3
      %8 = convolution %7 → 256, 3×3, prelu  onet.4
      %9 = convolution %8 → 16, 1×1  onet.5
      outputs %9
      """
    }
  }

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
  /// The layers called `names` side by side as one convolution, with a PReLU where the convolution has one.
  fileprivate func layer(
    _ names: [String], slopes: String, _ convolution: Convolution, inputs: Int
  ) throws(FaceqError) -> FloatLayer {
    var weights: [Float] = []
    var bias: [Float] = []
    for name in names {
      let layerBias = try floats(name + ".bias", count: nil)
      weights += try kernels(name + ".weight", outputs: layerBias.count, convolution, inputs: inputs)
      bias += layerBias
    }
    guard bias.count == convolution.outputs else {
      throw file.error(
        "has \(bias.count) channels in \(names.joined(separator: ", ")) where MTCNN has \(convolution.outputs); "
          + "give facenet-pytorch's own checkpoints")
    }
    return .convolution(
      weights: weights, bias: bias,
      slopes: convolution.activation == .prelu ? try floats(slopes + ".weight", count: bias.count) : nil)
  }

  /// A layer's weights as [output][row][column][input].
  ///
  /// PyTorch's convolutions are [output][input][row][column]. Its linear layers here are [output][column, row, input]:
  /// the port flattens maps column by column, as the Caffe networks that the weights are from stored them.
  private func kernels(
    _ name: String, outputs: Int, _ convolution: Convolution, inputs: Int
  ) throws(FaceqError) -> [Float] {
    let (rows, columns) = (convolution.window.kernel.height, convolution.window.kernel.width)
    let perOutput = convolution.weightsPerOutput(inputs: inputs)
    let values = try floats(name, count: outputs * perOutput)
    let isLinear = self[name]?.shape.count == 2
    var kernels: [Float] = []
    kernels.reserveCapacity(values.count)
    for output in 0..<outputs {
      for row in 0..<rows {
        for column in 0..<columns {
          for input in 0..<inputs {
            let within = isLinear ? (column * rows + row) * inputs + input : (input * rows + row) * columns + column
            kernels.append(values[output * perOutput + within])
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
