internal import CSystem
package import FaceqSupport

/// A Video4Linux2 camera that streams MJPEG or YUYV pictures into mapped buffers.
///
/// MJPEG is taken where a camera has both: it comes in higher resolutions through the same cable. The driver decides on
/// the size; it takes the nearest that the camera has.
package final class Camera<Device: VideoDevice> {
  private let device: Device
  private let path: FilePath
  private let format: CameraFormat
  private var buffers: [UnsafeMutableRawBufferPointer] = []

  /// Of which the driver fills one while others wait to be read.
  private static var bufferCount: UInt32 { 4 }

  /// - Parameters:
  ///   - path: what errors call the camera.
  ///   - width: the columns that it is asked for.
  ///   - height: the rows that it is asked for.
  /// - Throws: where the device is no camera, or one of another kind, or is in use. The device is closed then.
  package convenience init(_ device: Device, path: FilePath, width: Int, height: Int) throws(FaceqError) {
    do throws(FaceqError) {
      self.init(device, path, try Self.choose(device, path, width: width, height: height))
    } catch {
      device.close()
      throw error
    }
    try start()
  }

  /// Cannot fail: Embedded Swift does not free an object whose initialiser throws.
  private init(_ device: Device, _ path: FilePath, _ format: CameraFormat) {
    self.device = device
    self.path = path
    self.format = format
  }

  deinit {
    var kind = video_capture
    if !buffers.isEmpty { _ = device.control(UInt(video_stop_streaming), &kind) }
    for buffer in buffers {
      if let address = buffer.baseAddress { device.unmap(address, length: buffer.count) }
    }
    device.close()
  }

  /// What was chosen: `/dev/video0 gives MJPG pictures of 1280×720`.
  package var description: String {
    "\(path) gives \(format.name) pictures of \(format.width)×\(format.height)"
  }

  /// Waits for the next picture, for a fifth of a second at most.
  ///
  /// - Throws: where the camera fails, because it was pulled out for instance.
  package func next() throws(FaceqError) -> FrameSource.Reading {
    guard device.waitForBuffer(milliseconds: FrameSource.waiting) else { return .nothing }
    var buffer = Self.buffer(0)
    let code = device.control(UInt(video_dequeue_buffer), &buffer)
    if code == system_try_again { return .nothing }
    guard code == 0 else { throw failure("it gives no more pictures (\(systemReason(code)))") }
    guard Int(buffer.index) < buffers.count, Int(buffer.bytes_used) <= buffers[Int(buffer.index)].count else {
      throw failure("its driver names a buffer that there is not")
    }
    let reading = self.reading(buffers[Int(buffer.index)].prefix(Int(buffer.bytes_used)), flags: buffer.flags)
    try control(video_queue_buffer, &buffer, "it takes no buffer back")
    return reading
  }

  private func reading(_ bytes: Slice<UnsafeMutableRawBufferPointer>, flags: UInt32) -> FrameSource.Reading {
    guard flags & video_buffer_is_broken == 0 else { return .broken("the driver says that it is damaged") }
    switch format.pixels {
    case .jpeg:
      guard bytes.starts(with: [0xff, 0xd8]) else { return .broken("it is no JPEG") }
      return .frame(.file(Array(bytes)))
    case .yuyv:
      let picture = YUYVPicture(
        width: format.width, height: format.height, rowBytes: format.rowBytes, bytes: Array(bytes))
      guard let picture else { return .broken("it is shorter than its size wants") }
      return .frame(.yuyv(picture))
    }
  }

  private static func choose(
    _ device: Device, _ path: FilePath, width: Int, height: Int
  ) throws(FaceqError) -> CameraFormat {
    var capability = video_capability()
    guard device.control(UInt(video_query_capability), &capability) == 0 else {
      throw FaceqError("\(path) is no camera; v4l2-ctl --list-devices lists those that there are")
    }
    let abilities =
      capability.capabilities & video_has_device_capabilities != 0
      ? capability.device_capabilities : capability.capabilities
    guard abilities & video_can_capture != 0, abilities & video_can_stream != 0 else {
      throw FaceqError("\(path) gives no pictures; v4l2-ctl --list-devices lists the cameras that there are")
    }
    var offered: [UInt32] = []
    // A driver that says yes to every index would never end.
    for index in 0..<UInt32(64) {
      var description = video_format_description()
      description.index = index
      description.type = video_capture
      guard device.control(UInt(video_describe_format), &description) == 0 else { break }
      offered.append(description.pixel_format)
    }
    guard let chosen = [video_mjpg, video_jpeg, video_yuyv].first(where: { offered.contains($0) }) else {
      let names = offered.map { CameraFormat.name($0) }.joined(separator: ", ")
      throw FaceqError(
        "\(path) gives neither MJPG nor YUYV (\(names.isEmpty ? "no format" : names)); let rpicam-vid or ffmpeg write MJPEG "
          + "and pipe that")
    }
    var format = video_format()
    format.type = video_capture
    format.width = UInt32(clamping: width)
    format.height = UInt32(clamping: height)
    format.pixel_format = chosen
    format.field = video_field_any
    let code = device.control(UInt(video_set_format), &format)
    guard code == 0 else {
      let reason = code == system_busy ? "another program uses it; end that first" : systemReason(code)
      throw FaceqError("cannot use \(path): \(reason)")
    }
    guard let format = CameraFormat(format), format.code == chosen else {
      throw FaceqError("\(path) does not give pictures of \(width)×\(height); ask for another size")
    }
    return format
  }

  private func start() throws(FaceqError) {
    var request = video_buffer_request()
    request.count = Self.bufferCount
    request.type = video_capture
    request.memory = video_memory_mapped
    try control(video_request_buffers, &request, "it has no buffers that can be mapped")
    guard (1...32).contains(request.count) else { throw failure("it has no buffers that can be mapped") }
    for index in 0..<request.count {
      var buffer = Self.buffer(index)
      try control(video_query_buffer, &buffer, "it does not say where its buffers are")
      guard let address = device.map(length: Int(buffer.length), offset: Int(buffer.offset)) else {
        throw failure("its buffers cannot be mapped")
      }
      buffers.append(UnsafeMutableRawBufferPointer(start: address, count: Int(buffer.length)))
      try control(video_queue_buffer, &buffer, "it takes no buffer")
    }
    var kind = video_capture
    let code = device.control(UInt(video_start_streaming), &kind)
    guard code == 0 else {
      throw failure("it does not start (\(systemReason(code))); ask for a smaller size, or another port of the machine")
    }
  }

  private static func buffer(_ index: UInt32) -> video_buffer {
    var buffer = video_buffer()
    buffer.index = index
    buffer.type = video_capture
    buffer.memory = video_memory_mapped
    return buffer
  }

  private func control<Argument: BitwiseCopyable>(
    _ request: UInt, _ argument: inout Argument, _ fault: String
  ) throws(FaceqError) {
    let code = device.control(request, &argument)
    guard code == 0 else { throw failure("\(fault) (\(systemReason(code)))") }
  }

  private func failure(_ fault: String) -> FaceqError { FaceqError("cannot use \(path): \(fault)") }
}
