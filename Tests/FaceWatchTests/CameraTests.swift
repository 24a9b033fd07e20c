import CSystem
import FaceWatch
import FaceqSupport
import Testing

struct CameraTests {
  static let yuyv = [UInt8](repeating: 128, count: 16)

  func camera(_ device: RecordedDevice) throws(FaceqError) -> Camera<RecordedDevice> {
    try Camera(device, path: "/dev/video7", width: 640, height: 480)
  }

  /// The message of the error that a device that is made so brings.
  func refusal(_ device: RecordedDevice) -> String {
    do throws(FaceqError) {
      _ = try camera(device)
      return "none"
    } catch {
      return error.message
    }
  }

  @Test func mjpgIsPreferredAndHandedOutAsItIs() throws {
    let picture = try MJPEGSplitterTests.picture(3)
    // More pictures than buffers: each is given back.
    let device = RecordedDevice(
      formats: [video_yuyv, video_mjpg], recordings: .init(repeating: .init(bytes: picture), count: 10))
    let camera = try camera(device)
    #expect(camera.description == "/dev/video7 gives MJPG pictures of 4×2")
    #expect(device.asked! == (640, 480, video_mjpg))
    for _ in 0..<10 {
      guard case .frame(.file(let bytes)) = try camera.next() else {
        Issue.record("no frame")
        return
      }
      #expect(bytes == picture)
    }
    let failure = #expect(throws: FaceqError.self) { _ = try camera.next() }
    #expect(failure?.message.hasPrefix("cannot use /dev/video7: it gives no more pictures") == true)
  }

  @Test func yuyvIsTakenWhereThereIsNoMjpg() throws {
    let device = RecordedDevice(formats: [0x3231_564e, video_yuyv], recordings: [.init(bytes: Self.yuyv)])
    device.size = (4, 2, 0)
    let camera = try camera(device)
    #expect(camera.description == "/dev/video7 gives YUYV pictures of 4×2")
    guard case .frame(.yuyv(let picture)) = try camera.next() else {
      Issue.record("no frame")
      return
    }
    #expect(picture == YUYVPicture(width: 4, height: 2, rowBytes: 8, bytes: Self.yuyv))
  }

  @Test func aDamagedPictureCostsItself() throws {
    let picture = try MJPEGSplitterTests.picture(3)
    let device = RecordedDevice(
      formats: [video_mjpg],
      recordings: [
        .init(bytes: picture, flags: video_buffer_is_broken), .init(bytes: [1, 2, 3]), .init(bytes: picture),
      ])
    let camera = try camera(device)
    for _ in 0..<2 {
      guard case .broken = try camera.next() else {
        Issue.record("a damaged picture is handed out")
        return
      }
    }
    guard case .frame = try camera.next() else {
      Issue.record("no frame behind damaged ones")
      return
    }
    let short = RecordedDevice(formats: [video_yuyv], recordings: [.init(bytes: Array(Self.yuyv.dropLast()))])
    guard case .broken = try self.camera(short).next() else {
      Issue.record("a short picture is handed out")
      return
    }
  }

  @Test func everythingIsGivenBack() throws {
    let device = RecordedDevice(formats: [video_mjpg], recordings: [])
    do {
      _ = try camera(device)
    }
    #expect(device.isClosed && !device.isStreaming && device.mapped == 0)
    for request in [
      video_query_capability, video_set_format, video_request_buffers, video_query_buffer, video_start_streaming,
    ] {
      let device = RecordedDevice(formats: [video_mjpg], recordings: [])
      device.errors[UInt(request)] = system_invalid
      #expect(refusal(device) != "none")
      #expect(device.isClosed && device.mapped == 0)
    }
  }

  @Test func errorsSayWhatToDo() {
    let device = { RecordedDevice(formats: [video_mjpg], recordings: []) }
    let noCamera = device()
    noCamera.errors[UInt(video_query_capability)] = system_not_a_terminal
    #expect(refusal(noCamera).hasPrefix("/dev/video7 is no camera; "))
    let output = device()
    output.capabilities = 2
    #expect(refusal(output).hasPrefix("/dev/video7 gives no pictures; "))
    let busy = device()
    busy.errors[UInt(video_set_format)] = system_busy
    #expect(refusal(busy) == "cannot use /dev/video7: another program uses it; end that first")
    let other = RecordedDevice(formats: [0x3231_564e], recordings: [])
    #expect(refusal(other).hasPrefix("/dev/video7 gives neither MJPG nor YUYV (NV12); "))
    let odd = device()
    odd.size = (0, 0, 0)
    #expect(refusal(odd).hasPrefix("/dev/video7 does not give pictures of 640×480; "))
  }

  @Test func driversThatLieAreNotBelieved() throws {
    let device = RecordedDevice(formats: [video_mjpg], recordings: [.init(bytes: [0xff, 0xd8])])
    device.claimedLength = 1 << 30
    let camera = try camera(device)
    #expect(throws: FaceqError.self) { _ = try camera.next() }
  }
}
