/// What a model file says about itself besides its numbers.
public struct ModelDescription: Sendable, Equatable {
  /// `ir_se50`, `mobilefacenet` …
  public var architecture: String
  /// Learnable values of the checkpoint.
  public var parameters: Int
  /// The file that the network was imported from.
  public var source: Source
  /// Under which the weights may be used, in the words of whoever imported them; nil where nobody said.
  public var licence: String?
  /// Stand-in weights: the network was never trained and identifies nobody.
  public var isStandIn: Bool
  /// Of an int8 model.
  public var calibration: Calibration?

  public struct Source: Sendable, Equatable {
    /// Without its folder.
    public var name: String
    public var sha256: String
    /// Who published it, where that is known: "InsightFace, package buffalo_l".
    public var origin: String?

    public init(name: String, sha256: String, origin: String? = nil) {
      self.name = name
      self.sha256 = sha256
      self.origin = origin
    }
  }

  /// How an int8 model came about, and what it cost.
  public struct Calibration: Sendable, Equatable {
    /// `faceq` and its version.
    public var tool: String
    /// The methods in words: ranges, equalisation, rounding.
    public var recipe: String
    /// Images that the ranges are from.
    public var images: Int
    /// SHA-256 over the calibration images' pixels.
    public var imagesDigest: String
    /// The float model's digest.
    public var floatDigest: String
    public var drift: DriftSummary
    /// The embedding of `selfTestPattern`, bit for bit, on every machine.
    public var selfTest: [Float]

    public init(
      tool: String, recipe: String, images: Int, imagesDigest: String, floatDigest: String, drift: DriftSummary,
      selfTest: [Float]
    ) {
      self.tool = tool
      self.recipe = recipe
      self.images = images
      self.imagesDigest = imagesDigest
      self.floatDigest = floatDigest
      self.drift = drift
      self.selfTest = selfTest
    }
  }

  public init(
    architecture: String, parameters: Int, source: Source, licence: String? = nil, isStandIn: Bool,
    calibration: Calibration? = nil
  ) {
    self.architecture = architecture
    self.parameters = parameters
    self.source = source
    self.licence = licence
    self.isStandIn = isStandIn
    self.calibration = calibration
  }
}

/// Cosines between two models' embeddings of the same images.
public struct DriftSummary: Sendable, Equatable {
  public var images: Int
  public var mean: Float
  public var median: Float
  /// 5th and 1st percentile: so many of the images are below.
  public var p5: Float
  public var p1: Float
  public var minimum: Float

  public init(images: Int, mean: Float, median: Float, p5: Float, p1: Float, minimum: Float) {
    self.images = images
    self.mean = mean
    self.median = median
    self.p5 = p5
    self.p1 = p1
    self.minimum = minimum
  }
}
