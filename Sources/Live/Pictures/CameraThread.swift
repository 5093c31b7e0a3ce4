import Camera
import Logging
import Pictures
import System

/// The thread `camera` of a stream: opens the camera, gives its pictures to the stream, and tries again each second while the
/// camera is missing or gone. A camera that hangs delays nothing else.
final class CameraThread: Sendable {
  private static let pause = Duration.seconds(1)
  private static let longestWait = Duration.milliseconds(100)

  private let stopSignal = StopSignal()
  private let stopped = Semaphore()

  /// Starts the thread.
  /// - Parameters:
  ///   - path: of the device.
  ///   - show: gets each picture with its instant, on the thread.
  ///   - pause: from one try to the next.
  ///   - open: opens the device.
  init(
    _ path: String, log: Log, pause: Duration = CameraThread.pause,
    open: @escaping @Sendable (String) throws(SystemError) -> any VideoDevice = { path throws(SystemError) in
      try V4L2Device(path)
    },
    show: @escaping @Sendable (JPEGStill, MonotonicTime) -> Void
  ) {
    NamedThread(name: "camera") { [stopSignal, stopped] in
      var told: CameraError?
      while !stopSignal.isRaised {
        let end = Self.run(path, open, log: log, stop: stopSignal, show)
        guard let fault = end.fault, !stopSignal.isRaised else { return }
        if end.hadPictures { told = nil }
        // A camera that stays away is one line in the log.
        if fault != told { log.warning("camera: \(fault); ringcast tries again each second") }
        told = fault
        _ = stopped.wait(atMost: pause)
      }
    }.detach()
  }

  /// Ends the thread, and does not wait for it.
  func stop() {
    stopSignal.raise()
    stopped.post()
  }

  /// Shows pictures until a fault.
  /// - Returns: the fault, which is nil after a stop, and whether there were pictures before.
  private static func run(
    _ path: String, _ open: (String) throws(SystemError) -> any VideoDevice, log: Log,
    stop: StopSignal, _ show: (JPEGStill, MonotonicTime) -> Void
  ) -> (fault: CameraError?, hadPictures: Bool) {
    var hasPictures = false
    do throws(CameraError) {
      let camera = try Self.camera(path, open)
      while !stop.isRaised {
        guard let (still, instant) = try camera.next(within: longestWait) else { continue }
        if !hasPictures { log.info("camera: \(path) gives pictures of \(still.width) × \(still.height)") }
        hasPictures = true
        show(still, instant)
      }
      return (nil, hasPictures)
    } catch {
      return (error, hasPictures)
    }
  }

  private static func camera(
    _ path: String, _ open: (String) throws(SystemError) -> any VideoDevice
  ) throws(CameraError) -> Camera {
    let device: any VideoDevice
    do { device = try open(path) } catch { throw .call(error) }
    return try Camera(device, at: .now)
  }
}
