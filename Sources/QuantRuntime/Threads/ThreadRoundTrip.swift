import FaceqSupport

/// The seconds in which one of a plan's threads tells another something and hears back: the fastest of several tries.
///
/// Whatever threads share takes about as long to reach the other: between cores that share a cache a fraction of what
/// it takes between those that do not.
///
/// - Returns: nil where there is only one thread, or there are more of them than cores.
/// - Throws: where the system refuses a thread.
package func threadRoundTrip(_ threads: ThreadPlan) throws(FaceqError) -> Double? {
  guard threads.count > 1, threads.count <= processorCount() else { return nil }
  let question = Gate()
  let answer = Gate()
  let (tries, questions) = (20, 100)
  let spinning = 100e-6
  var fastest = Double.infinity
  try ParallelLoop(threads).run(parts: 2) { part in
    for attempt in 0..<tries {
      let start = monotonicSeconds()
      for count in attempt * questions..<(attempt + 1) * questions {
        if part == 0 {
          question.open()
          answer.wait(while: Int32(count), spinning: spinning)
        } else {
          question.wait(while: Int32(count), spinning: spinning)
          answer.open()
        }
      }
      if part == 0 { fastest = min(fastest, (monotonicSeconds() - start) / Double(questions)) }
    }
  }
  return fastest
}
