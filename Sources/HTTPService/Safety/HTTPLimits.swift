/// What clients may cost.
package struct HTTPLimits: Sendable {
  /// Bytes of a request's line and headers.
  package var headerBytes = 16 << 10
  /// Bytes of a request's body.
  package var bodyBytes = 20 << 20
  /// Bytes of all bodies together that are arriving, wait or are worked on.
  package var allBodiesBytes = 64 << 20
  /// Connections at once; others are told that the service is busy.
  package var connections = 256
  /// Requests that wait for a worker; others are told that the service is busy.
  package var waitingRequests = 128
  /// Seconds in which a request must have arrived, counted from its first byte, or from the connection's beginning.
  package var arrivalSeconds = 20.0
  /// Seconds from a request's arrival in which a worker must have begun with it.
  package var waitingSeconds = 20.0
  /// Seconds in which a client must have taken an answer.
  package var replySeconds = 20.0
  /// Seconds for which a connection without a request is kept.
  package var idleSeconds = 60.0
  /// Streams at once.
  package var streams = 16
  /// Bytes that wait for the reader of a stream; what comes while there are more is lost to that reader.
  package var streamBytes = 256 << 10

  package init() {}
}
