import QuantRuntime

/// What a calibration to a budget of cosine chose, and what it costs.
public struct PrecisionReport: Sendable {
  /// A part of the network with what its int8 costs.
  public struct Unit: Sendable {
    let unit: NetworkUnit
    /// What int8 in this unit alone adds to the mean of 1 − cosine, on calibration images.
    public let loss: Double
    /// Of the network's multiply-accumulates, 0…1.
    public let workShare: Double
    public let isInt16: Bool

    /// `stem`, `blocks.3`, `head`.
    public var name: String { unit.name }
  }

  /// In the order in which data flows.
  public let units: [Unit]
  /// Cosines of the held-back images with all these units at int8, and as chosen.
  public let plain: DriftSummary
  public let chosen: DriftSummary
  /// Time of an embedding in units of the plain network's, on this machine: estimated from the shares and the measured
  /// ratio of int16 to int8, and measured.
  public let estimatedTime: Double
  public let measuredTime: Double

  /// The share of the multiply-accumulates that run at int16, 0…1.
  public var int16Share: Double { units.reduce(0) { $1.isInt16 ? $0 + $1.workShare : $0 } }
}
