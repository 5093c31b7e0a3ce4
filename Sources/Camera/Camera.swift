package import Pictures
package import System

/// A camera that gives Motion JPEG, from its opening to its first fault. One thread uses it.
package final class Camera {
  /// Pixels that the camera is asked for; the driver grants the nearest size that it has.
  package static let (width, height) = (640, 480)
  /// Pictures a second, at most.
  package static let rate = 5
  /// The time without a picture, or without one of use, after which the camera counts as gone.
  package static let patience = Duration.seconds(5)
  private static let buffers = 4
  /// A camera of 30 pictures a second gives one in each 33 ms: none is left out for being early by less than that.
  private static let leastGap = Duration.milliseconds(1000 / rate - 20)

  package let format: VideoFormat
  private let device: any VideoDevice
  private var lastInstant: MonotonicTime?
  private var lastArrival: MonotonicTime
  /// The arrival of the latest whole still, or the start.
  private var lastStill: MonotonicTime
  /// The rule that the latest picture breaks.
  private var fault: JPEGFault?

  /// Negotiates the format and starts the capture.
  package init(_ device: any VideoDevice, at now: MonotonicTime) throws(CameraError) {
    self.device = device
    (lastArrival, lastStill) = (now, now)
    do {
      guard try device.canCapture() else { throw CameraError.noCamera(path: device.path) }
      format = try device.setFormat(width: Self.width, height: Self.height)
      guard format.isJPEG else { throw CameraError.noJPEG(path: device.path) }
      guard JPEGStill.sides.contains(format.width), JPEGStill.sides.contains(format.height) else {
        throw CameraError.size(path: device.path, width: format.width, height: format.height)
      }
      // A driver that has one rate only refuses this, and the camera leaves pictures out.
      do { try device.setRate(Self.rate) } catch {}
      for index in 0..<(try device.mapBuffers(Self.buffers)) { try device.queue(index) }
      try device.start()
    } catch let error as SystemError {
      throw .call(error)
    } catch let error as CameraError {
      throw error
    } catch {
      throw .noCamera(path: device.path)
    }
  }

  /// Waits for the next picture.
  /// - Parameter clock: tells the present instant.
  /// - Returns: nil if the wait has ended without a picture that is due and whole.
  package func next(
    within timeout: Duration, clock: () -> MonotonicTime = { .now }
  ) throws(CameraError) -> (still: JPEGStill, instant: MonotonicTime)? {
    do {
      guard try device.wait(atMost: timeout) else {
        if clock() - lastArrival > Self.patience { throw CameraError.silent(path: device.path) }
        return nil
      }
      let buffer = try device.dequeue()
      lastArrival = clock()
      let picture = take(buffer, at: buffer.instant ?? lastArrival)
      try device.queue(buffer.index)
      if picture != nil {
        lastStill = lastArrival
      } else if lastArrival - lastStill > Self.patience {
        throw CameraError.refused(path: device.path, fault)
      }
      return picture
    } catch let error as SystemError {
      throw .call(error)
    } catch let error as CameraError {
      throw error
    } catch {
      return nil
    }
  }

  private func take(_ buffer: VideoBuffer, at instant: MonotonicTime) -> (still: JPEGStill, instant: MonotonicTime)? {
    if let lastInstant, instant - lastInstant < Self.leastGap { return nil }
    fault = nil
    guard !buffer.isFaulty else { return nil }
    do throws(JPEGFault) {
      let still = try JPEGStill(device.bytes(of: buffer.index, count: buffer.count)[...], mayHavePadding: true)
      lastInstant = instant
      return (still, instant)
    } catch {
      fault = error
      return nil
    }
  }
}
