import Camera
import Logging
import Pictures
import Synchronization
import System
import Testing

@testable import Live

/// A device that gives one picture, and then is gone.
private final class ShortDevice: VideoDevice {
  let path = "/dev/video9"
  private var isTaken = false
  private static let still: [UInt8] =
    [0xFF, 0xD8, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0]
    + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xFF, 0xD9]

  func canCapture() throws(SystemError) -> Bool { true }
  func setFormat(width: Int, height: Int) throws(SystemError) -> VideoFormat {
    VideoFormat(width: width, height: height, isJPEG: true)
  }
  func setRate(_ perSecond: Int) throws(SystemError) {}
  func mapBuffers(_ count: Int) throws(SystemError) -> Int { count }
  func queue(_ index: Int) throws(SystemError) {}
  func start() throws(SystemError) {}
  func wait(atMost timeout: Duration) throws(SystemError) -> Bool { true }
  func dequeue() throws(SystemError) -> VideoBuffer {
    if isTaken { throw SystemError(call: "VIDIOC_DQBUF", code: 19, subject: path) }
    isTaken = true
    return VideoBuffer(index: 0, count: Self.still.count, isFaulty: false, instant: MonotonicTime(nanoseconds: 7))
  }
  func bytes(of index: Int, count: Int) -> [UInt8] { Self.still }
}

@Suite struct CameraThreadTests {
  @Test func `a camera that is missing at first, and goes later, is opened again and again`() {
    let tries = Mutex(0)
    let shown = Mutex<[MonotonicTime]>([])
    let enough = Semaphore()
    let thread = CameraThread(
      "/dev/video9", log: Log(level: .error), pause: .milliseconds(1),
      open: { path throws(SystemError) in
        let number = tries.withLock {
          $0 += 1
          return $0
        }
        if number < 3 { throw SystemError(call: "open", code: 2, subject: path) }
        return ShortDevice()
      },
      show: { _, instant in
        let count = shown.withLock {
          $0.append(instant)
          return $0.count
        }
        if count == 3 { enough.post() }
      })
    enough.wait()
    thread.stop()
    #expect(shown.withLock { $0.prefix(3).allSatisfy { $0 == MonotonicTime(nanoseconds: 7) } })
  }
}
