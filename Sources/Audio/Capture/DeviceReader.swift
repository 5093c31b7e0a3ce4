import Synchronization
package import System

/// Reads a capture device on a thread of its own, because any call of a driver may hang. A device that fails is opened
/// again, after longer and longer pauses.
package final class DeviceReader: Sendable {
  package enum Message: Equatable, Sendable {
    case opened(summary: String, PCMFormat)
    /// Interleaved frames at full scale 2^31, and the instant at which they came in.
    case frames([Int32], at: MonotonicTime)
    case overrun
    case failed(reason: String)
  }

  private struct Inbox {
    var messages: [Message] = []
    /// Samples in the messages.
    var samples = 0
  }

  /// The longest single wait for a device.
  private static let waitTimeout = Duration.milliseconds(100)
  private static let pause = Duration.milliseconds(2)
  /// The longest time without a frame before the device is opened again.
  private static let idleTimeout = Duration.seconds(2)
  /// The longest wait of `stop` for a device that hangs.
  private static let stopTimeout = Duration.milliseconds(333)
  private static let mostOverruns = 8
  /// Samples that may wait to be taken: more are left in the device.
  private static let mostSamples = 1 << 19
  /// The shortest and the longest pause between two attempts to open the device.
  private static let backoff = Duration.milliseconds(250)...Duration.seconds(4)

  private let inbox = Mutex(Inbox())
  private let posted = Semaphore()
  private let worker = Worker<Void>(name: "device", inbox: ())
  private let open: @Sendable () throws(SourceError) -> any CaptureDeviceHandle

  /// - Parameters:
  ///   - device: the device that is open already; it belongs to the reader from now on. Nil is none yet.
  ///   - open: opens the device again.
  package init(
    _ device: (any CaptureDeviceHandle)?, open: @escaping @Sendable () throws(SourceError) -> any CaptureDeviceHandle
  ) {
    self.open = open
    worker.start(with: ()) { [self] _, _ in
      run(device)
      return .untilPost
    }
    // The one run lasts until the reader is stopped.
    worker.post { _ in }
  }

  /// The next message; nil if none comes within `timeout`.
  package func take(atMost timeout: Duration) -> Message? {
    guard posted.wait(atMost: timeout) else { return nil }
    return inbox.withLock { inbox in
      let message = inbox.messages.removeFirst()
      if case .frames(let frames, _) = message { inbox.samples -= frames.count }
      return message
    }
  }

  /// Closes the device, and returns when that is done, or after a third of a second if the device hangs.
  package func stop() {
    stop(within: Self.stopTimeout)
  }

  /// Closes the device, and returns when that is done, or after the timeout.
  package func stop(within timeout: Duration) {
    worker.stop(within: timeout)
  }

  private func post(_ message: Message) {
    inbox.withLock { inbox in
      if case .frames(let frames, _) = message { inbox.samples += frames.count }
      inbox.messages.append(message)
    }
    posted.post()
  }

  private func run(_ first: (any CaptureDeviceHandle)?) {
    var next = first
    var pause = Self.backoff.lowerBound
    while !worker.isStopping {
      do throws(SourceError) {
        let device: any CaptureDeviceHandle
        if let next { device = next } else { device = try open() }
        next = nil
        var hasSound = false
        defer {
          device.close()
          // A device that opens and fails at once is treated like one that does not open: the pause grows.
          if hasSound { pause = Self.backoff.lowerBound }
        }
        try device.start()
        post(.opened(summary: device.summary, device.format))
        try capture(device, hasSound: &hasSound)
      } catch {
        post(.failed(reason: error.description))
        worker.pause(pause)
        pause = min(pause * 2, Self.backoff.upperBound)
      }
    }
    next?.close()
  }

  /// Reads until the reader is stopped.
  private func capture(_ device: any CaptureDeviceHandle, hasSound: inout Bool) throws(SourceError) {
    var waited = Duration.zero
    var overruns = 0
    func restart() throws(SourceError) {
      overruns += 1
      guard overruns <= Self.mostOverruns else {
        throw SourceError("alsa:\(device.name): \(overruns) overruns in a row")
      }
      post(.overrun)
      try device.start()
    }
    func note(waited span: Duration) throws(SourceError) {
      waited += span
      guard waited <= Self.idleTimeout else {
        throw SourceError("alsa:\(device.name): it gives nothing, and is opened again")
      }
    }
    func pause() throws(SourceError) {
      worker.pause(Self.pause)
      try note(waited: Self.pause)
    }
    while !worker.isStopping {
      guard inbox.withLock({ $0.samples < Self.mostSamples }) else {
        worker.pause(Self.pause)
        continue
      }
      switch try device.await(atMost: Self.waitTimeout) {
      case .overrun: try restart()
      case .timeout: try note(waited: Self.waitTimeout)
      // A wake-up without frames, as the pulse plugin has them: the next may come at once.
      case .nothing: try pause()
      case .frames:
        let now = MonotonicTime.now
        var block: [Int32] = []
        switch try device.read(into: &block) {
        case .overrun: try restart()
        case .nothing, .timeout: try pause()
        case .frames:
          waited = .zero
          overruns = 0
          hasSound = true
          post(.frames(block, at: now))
        }
      }
    }
  }
}
