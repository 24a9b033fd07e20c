import QuantRuntime

/// What the user knows of a network and its file does not say.
package struct ImportChoice: Sendable {
  /// The place of the network in a checkpoint, as `ImportedNetwork.place` names it; nil takes the only one.
  package var tensors: String?
  package var pixels: PixelFormatChoice
  /// The picture's size.
  package var size: Size?
  package var licence: String?

  package init(
    tensors: String? = nil, pixels: PixelFormatChoice = PixelFormatChoice(), size: Size? = nil, licence: String? = nil
  ) {
    self.tensors = tensors
    self.pixels = pixels
    self.size = size
    self.licence = licence
  }
}
