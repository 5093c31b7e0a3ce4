import Pictures
import System
import Testing

@testable import Camera

/// A device that plays what a test has prepared.
final class FakeDevice: VideoDevice {
  let path = "/dev/video9"
  var isCamera = true
  var granted = VideoFormat(width: 640, height: 480, isJPEG: true)
  var refusesRate = false
  /// The pictures that come, each with the instant that the driver tells.
  var pictures: [(bytes: [UInt8], buffer: VideoBuffer)] = []
  var isGone = false
  private(set) var queued: [Int] = []
  private(set) var isStarted = false

  func add(_ bytes: [UInt8], at milliseconds: Int?, isFaulty: Bool = false) {
    let instant = milliseconds.map { MonotonicTime(nanoseconds: $0 * 1_000_000) }
    pictures.append(
      (bytes, VideoBuffer(index: pictures.count % 4, count: bytes.count, isFaulty: isFaulty, instant: instant)))
  }

  private func check(_ call: String) throws(SystemError) {
    if isGone { throw SystemError(call: call, code: 19, subject: path) }
  }

  func canCapture() throws(SystemError) -> Bool { isCamera }
  func setFormat(width: Int, height: Int) throws(SystemError) -> VideoFormat { granted }
  func setRate(_ perSecond: Int) throws(SystemError) {
    if refusesRate { throw SystemError(call: "VIDIOC_S_PARM", code: 25, subject: path) }
  }
  func mapBuffers(_ count: Int) throws(SystemError) -> Int { count }
  func queue(_ index: Int) throws(SystemError) {
    try check("VIDIOC_QBUF")
    queued.append(index)
  }
  func start() throws(SystemError) { isStarted = true }
  func wait(atMost timeout: Duration) throws(SystemError) -> Bool { !pictures.isEmpty || isGone }
  func dequeue() throws(SystemError) -> VideoBuffer {
    try check("VIDIOC_DQBUF")
    return pictures[0].buffer
  }
  func bytes(of index: Int, count: Int) -> [UInt8] { pictures[0].bytes }
}

@Suite struct CameraTests {
  /// A still of 16 by 16 pixels, by its markers.
  static let still: [UInt8] =
    [0xFF, 0xD8, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
    + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xFF, 0xD9]

  private func camera(_ device: FakeDevice) throws -> Camera {
    try Camera(device, at: MonotonicTime(nanoseconds: 0))
  }

  /// The next picture of the device, which it then has no more.
  private func next(_ camera: Camera, _ device: FakeDevice, now milliseconds: Int = 7) throws -> MonotonicTime? {
    defer { device.pictures.removeFirst() }
    return try camera.next(within: .zero) { MonotonicTime(nanoseconds: milliseconds * 1_000_000) }?.instant
  }

  @Test func `a camera gives its buffers to the driver before the start, and each again after its picture`() throws {
    let device = FakeDevice()
    device.refusesRate = true
    let camera = try camera(device)
    #expect(device.queued == [0, 1, 2, 3] && device.isStarted)
    device.add(Self.still, at: 100)
    let instant = try next(camera, device)
    #expect(instant == MonotonicTime(nanoseconds: 100_000_000) && device.queued.last == 0)
  }

  @Test func `at most five pictures a second are passed on`() throws {
    let device = FakeDevice()
    let camera = try camera(device)
    var passed = 0
    for index in 0..<90 {
      device.add(Self.still, at: index * 1000 / 30)
      if try next(camera, device) != nil { passed += 1 }
    }
    #expect(passed == 15)
  }

  @Test func `a damaged picture and one that is no still are left out`() throws {
    let device = FakeDevice()
    let camera = try camera(device)
    device.add(Self.still, at: 0, isFaulty: true)
    #expect(try next(camera, device) == nil)
    device.add([1, 2, 3], at: 1000)
    #expect(try next(camera, device) == nil)
    device.add(Self.still + [0, 0], at: 2000)
    #expect(try next(camera, device) != nil)
  }

  /// The still, with a comment that makes it longer than a still may be.
  private static let long =
    still[..<2]
    + Array(repeatElement([0xFF, 0xFE, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 65_533), count: 2).joined())
    + still[2...]

  @Test(arguments: [JPEGFault.malformed, .tooLong, nil])
  func `a camera without a picture of use for five seconds is a fault that names the rule`(fault: JPEGFault?) throws {
    let bytes =
      switch fault {
      case .malformed: Array(Self.still.dropLast())
      case .tooLong: Array(Self.long)
      default: Self.still
      }
    let isFaulty = fault == nil
    let device = FakeDevice()
    let camera = try camera(device)
    device.add(Self.still, at: 1000)
    #expect(try next(camera, device, now: 1000) != nil)
    for milliseconds in stride(from: 1500, through: 6000, by: 500) {
      device.add(bytes, at: milliseconds, isFaulty: isFaulty)
      #expect(try next(camera, device, now: milliseconds) == nil)
    }
    device.add(bytes, at: 6001, isFaulty: isFaulty)
    #expect(throws: CameraError.refused(path: "/dev/video9", fault)) { try next(camera, device, now: 6001) }
    device.add(Self.still, at: 6500)
    #expect(try next(camera, device, now: 6500) != nil)
  }

  @Test func `where the driver has another clock, the instant of the arrival counts`() throws {
    let device = FakeDevice()
    let camera = try camera(device)
    device.add(Self.still, at: nil)
    #expect(try next(camera, device) == MonotonicTime(nanoseconds: 7_000_000))
  }

  @Test func `a device that is no camera, and one without JPEG, are refused`() {
    let device = FakeDevice()
    device.isCamera = false
    #expect(throws: CameraError.noCamera(path: "/dev/video9")) { try camera(device) }
    device.isCamera = true
    device.granted = VideoFormat(width: 640, height: 480, isJPEG: false)
    #expect(throws: CameraError.noJPEG(path: "/dev/video9")) { try camera(device) }
    device.granted = VideoFormat(width: 1920, height: 1080, isJPEG: true)
    #expect(throws: CameraError.size(path: "/dev/video9", width: 1920, height: 1080)) { try camera(device) }
    #expect(!device.isStarted)
  }

  @Test func `a camera that goes, and one that falls silent, are faults`() throws {
    let device = FakeDevice()
    let camera = try camera(device)
    #expect(try camera.next(within: .zero) { MonotonicTime(nanoseconds: 5_000_000_000) } == nil)
    #expect(throws: CameraError.silent(path: "/dev/video9")) {
      try camera.next(within: .zero) { MonotonicTime(nanoseconds: 5_000_000_001) }
    }
    device.isGone = true
    #expect(throws: CameraError.call(SystemError(call: "VIDIOC_DQBUF", code: 19, subject: "/dev/video9"))) {
      try camera.next(within: .zero)
    }
  }
}
