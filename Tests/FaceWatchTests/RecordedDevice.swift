import CSystem
import FaceWatch
import Foundation

/// A camera whose pictures were recorded: what a driver would do, in memory.
final class RecordedDevice: VideoDevice {
  /// What comes with each picture, and its flags.
  struct Recording {
    var bytes: [UInt8]
    var flags: UInt32 = 0
  }

  var formats: [UInt32]
  var recordings: [Recording]
  /// Columns, rows and bytes in a row, whatever is asked for.
  var size = (width: UInt32(4), height: UInt32(2), rowBytes: UInt32(8))
  var capabilities = video_can_capture | video_can_stream
  /// The error's code of a request, instead of an answer.
  var errors: [UInt: Int32] = [:]
  /// A length that the driver claims of a picture.
  var claimedLength: UInt32?
  private(set) var isClosed = false
  private(set) var isStreaming = false
  private(set) var mapped = 0
  private(set) var asked: (width: UInt32, height: UInt32, format: UInt32)?
  private var queue: [UInt32] = []
  private var buffers: [UnsafeMutableRawPointer] = []
  private let length = 4096

  init(formats: [UInt32], recordings: [Recording]) {
    self.formats = formats
    self.recordings = recordings
  }

  deinit { for buffer in buffers { buffer.deallocate() } }

  func control(_ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32 {
    if let error = errors[request] { return error }
    switch request {
    case UInt(video_query_capability):
      argument.assumingMemoryBound(to: video_capability.self).pointee.capabilities = capabilities
    case UInt(video_describe_format):
      let description = argument.assumingMemoryBound(to: video_format_description.self)
      guard Int(description.pointee.index) < formats.count else { return system_invalid }
      description.pointee.pixel_format = formats[Int(description.pointee.index)]
    case UInt(video_set_format):
      let format = argument.assumingMemoryBound(to: video_format.self)
      asked = (format.pointee.width, format.pointee.height, format.pointee.pixel_format)
      (format.pointee.width, format.pointee.height, format.pointee.row_bytes) = size
    case UInt(video_request_buffers):
      let count = Int(argument.assumingMemoryBound(to: video_buffer_request.self).pointee.count)
      buffers = (0..<count).map { _ in .allocate(byteCount: length, alignment: 4096) }
    case UInt(video_query_buffer):
      let buffer = argument.assumingMemoryBound(to: video_buffer.self)
      buffer.pointee.length = UInt32(length)
      buffer.pointee.offset = UInt64(buffer.pointee.index) * UInt64(length)
    case UInt(video_queue_buffer): queue.append(argument.assumingMemoryBound(to: video_buffer.self).pointee.index)
    case UInt(video_dequeue_buffer): return fill(argument.assumingMemoryBound(to: video_buffer.self))
    case UInt(video_start_streaming): isStreaming = true
    case UInt(video_stop_streaming): isStreaming = false
    default: return system_not_a_terminal
    }
    return 0
  }

  private func fill(_ buffer: UnsafeMutablePointer<video_buffer>) -> Int32 {
    guard !recordings.isEmpty else { return system_no_device }
    guard isStreaming, !queue.isEmpty else { return system_try_again }
    let recording = recordings.removeFirst()
    buffer.pointee.index = queue.removeFirst()
    buffer.pointee.bytes_used = claimedLength ?? UInt32(recording.bytes.count)
    buffer.pointee.flags = recording.flags
    let target = UnsafeMutableRawBufferPointer(start: buffers[Int(buffer.pointee.index)], count: length)
    target.copyBytes(from: recording.bytes)
    return 0
  }

  func map(length: Int, offset: Int) -> UnsafeMutableRawPointer? {
    mapped += 1
    return buffers[offset / self.length]
  }

  func unmap(_ address: UnsafeMutableRawPointer, length: Int) { mapped -= 1 }
  func waitForBuffer(milliseconds: Int32) -> Bool { true }
  func close() { isClosed = true }
}
