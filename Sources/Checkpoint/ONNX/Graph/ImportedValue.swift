import QuantRuntime

/// Where a value of the operator graph is in ours, which has planes of height × width × channels and nothing else.
enum ImportedValue {
  case view(PlaneView)
  /// One behind the other: what a detector's outputs of several scales are put together to.
  case row([PlaneView])
}

/// A node's plane under another shape: reshaped, or with its channels moved behind its pixels.
struct PlaneView {
  /// In which order the row-major elements of `shape` run through the plane.
  enum Order { case channelsFirst, channelsLast }

  var node: Int
  var extent: Extent
  var order: Order
  /// A batch of one first.
  var shape: [Int]

  init(node: Int, extent: Extent) {
    self.node = node
    self.extent = extent
    order = .channelsFirst
    shape = [1, extent.channels, extent.height, extent.width]
  }

  /// Whether axis 1 is the channels and the axes behind it are the pixels, as operators on planes want it.
  var isPlane: Bool {
    if extent.pixels == 1 { return shape.count >= 2 && shape[1] == extent.channels }
    return order == .channelsFirst && shape == [1, extent.channels, extent.height, extent.width]
  }

  /// Whether the axes are rows, columns and channels, as TensorFlow has them.
  var isChannelsLast: Bool {
    (order == .channelsLast || extent.pixels == 1) && shape == [1, extent.height, extent.width, extent.channels]
  }

  /// Whether the last axis runs through the channels, whole or in equal parts.
  var endsInChannels: Bool {
    guard let last = shape.last else { return false }
    return (order == .channelsLast || extent.pixels == 1) && extent.channels.isMultiple(of: last)
  }

  func reshaped(_ shape: [Int]) -> Self {
    var view = self
    view.shape = shape
    return view
  }

  /// With axis i of the result being axis `axes[i]` of this; nil where the elements are then in neither order.
  func transposed(_ axes: [Int], shape: [Int]) -> Self? {
    var view = reshaped(shape)
    let last = axes.count - 1
    let pixels = Array(2..<max(2, axes.count))
    if extent.pixels == 1 { return view }
    if order == .channelsFirst, self.shape.count > 1, self.shape[1] == extent.channels, axes == [0] + pixels + [1] {
      view.order = .channelsLast
      return view
    }
    if order == .channelsLast, self.shape.last == extent.channels, axes == [0, last] + Array(1..<max(1, last)) {
      view.order = .channelsFirst
      return view
    }
    return nil
  }
}
