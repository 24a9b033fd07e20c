/// What a server has done so far. Belongs to the thread of events.
package final class HTTPFigures {
  /// A number of answers with one status.
  package struct Count: Sendable {
    package var status: Int
    package var count: Int
  }

  package private(set) var answers: [Count] = []
  package private(set) var seconds = 0.0
  /// How many requests took at most so many seconds; the last has no limit.
  package private(set) var histogram = [Int](repeating: 0, count: HTTPFigures.bounds.count + 1)
  package internal(set) var connections = 0
  package internal(set) var heldBytes = 0
  package internal(set) var lostFrames = 0
  package internal(set) var streams = 0
  package internal(set) var waiting = 0

  package static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  func count(_ status: HTTPStatus) {
    if let index = answers.firstIndex(where: { $0.status == status.rawValue }) {
      answers[index].count += 1
    } else {
      answers.append(Count(status: status.rawValue, count: 1))
      answers.sort { $0.status < $1.status }
    }
  }

  /// Counts how long a request took from its arrival to its answer.
  func count(seconds taken: Double) {
    seconds += taken
    histogram[Self.bounds.firstIndex { taken <= $0 } ?? Self.bounds.count] += 1
  }
}
