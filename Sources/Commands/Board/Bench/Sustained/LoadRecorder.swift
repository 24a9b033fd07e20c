import QuantRuntime

/// Gathers the embeddings and sensor readings of a long run into minutes.
package struct LoadRecorder: Sendable {
  private static let minute = 60.0

  private var number = 1
  private var milliseconds: [Double] = []
  private var temperatures: [Double] = []
  /// The clocks of each class of cores, in MHz.
  private var clocks: [[Double]]

  /// - Parameter coreClasses: how many clocks a reading has.
  package init(coreClasses: Int) { clocks = Array(repeating: [], count: coreClasses) }

  package mutating func addReading(temperature: Double?, megahertz: [Double?]) {
    if let temperature { temperatures.append(temperature) }
    for (index, clock) in megahertz.enumerated() {
      if let clock { clocks[index].append(clock) }
    }
  }

  /// - Parameters:
  ///   - milliseconds: the time that the embedding took.
  ///   - end: seconds since the run's begin, when it was done.
  /// - Returns: the minute that is over, where it was the last one in it.
  package mutating func addEmbedding(milliseconds: Double, end: Double) -> LoadMinute? {
    self.milliseconds.append(milliseconds)
    guard end >= Double(number) * Self.minute else { return nil }
    return finish(end: Double(number) * Self.minute)
  }

  /// The minute that has begun, nil where nothing was done in it.
  ///
  /// - Parameter end: seconds since the run's begin.
  package mutating func finish(end: Double) -> LoadMinute? {
    guard !milliseconds.isEmpty else { return nil }
    let sorted = milliseconds.sorted()
    let minute = LoadMinute(
      number: number, seconds: end - Double(number - 1) * Self.minute, embeddings: sorted.count,
      medianMilliseconds: percentile(50, ofSorted: sorted), p90Milliseconds: percentile(90, ofSorted: sorted),
      temperature: temperatures.max(), megahertz: clocks.map(mean))
    number += 1
    milliseconds.removeAll(keepingCapacity: true)
    temperatures.removeAll()
    for index in clocks.indices { clocks[index].removeAll() }
    return minute
  }
}
