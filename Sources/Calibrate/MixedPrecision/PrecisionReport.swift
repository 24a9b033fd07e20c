import QuantRuntime

/// What a calibration to a budget of cosine chose, and what it costs.
package struct PrecisionReport: Sendable {
  /// A part of the network with what its int8 costs.
  package struct Unit: Sendable {
    let unit: GraphUnit
    /// What int8 in this unit alone adds to the mean of 1 − cosine, on calibration images.
    package let loss: Double
    /// The unit's share of the network's multiply-accumulates, 0…1.
    package let workShare: Double
    package let isInt16: Bool

    /// `stem`, `blocks.3`, `head`.
    package var name: String { unit.name }
  }

  /// The units, in the order in which data flows.
  package let units: [Unit]
  /// Cosines of the held-back images with all these units at int8, and as chosen.
  package let plain: DriftSummary
  package let chosen: DriftSummary
  /// Time of an embedding in units of the plain network's, on this machine: estimated from the shares and the measured
  /// ratio of int16 to int8, and measured.
  package let estimatedTime: Double
  package let measuredTime: Double

  /// The share of the multiply-accumulates that run at int16, 0…1.
  package var int16Share: Double { units.reduce(0) { $1.isInt16 ? $0 + $1.workShare : $0 } }
}
