import Synchronization
import System

/// Reads a capture device on a thread of its own, because any call of a driver's may hang, and opens it again where it
/// fails, after longer and longer pauses.
package final class DeviceReader: Sendable {
  package enum Message: Equatable, Sendable {
    case opened(summary: String, PCMFormat)
    /// Interleaved frames at full scale 2^31, and when they came in, in monotonic nanoseconds.
    case frames([Int32], at: Int)
    case overrun
    case failed(reason: String)
  }

  private struct Inbox {
    var messages: [Message] = []
    /// Samples in them.
    var samples = 0
    var isStopped = false
  }

  private static let waitMilliseconds = 100
  private static let pauseMilliseconds = 2
  /// How many milliseconds of waiting may bring nothing before the device is opened anew.
  private static let patience = 2000
  private static let mostOverruns = 8
  /// Samples that may wait to be taken: more is left in the device.
  private static let mostSamples = 1 << 19
  /// Milliseconds between two attempts, at first and at most.
  private static let backoff = 250...4000

  private let inbox = Mutex(Inbox())
  private let news = Semaphore()
  private let stopped = Semaphore()
  private let finished = Semaphore()
  private let open: @Sendable () throws(SourceError) -> any CaptureDeviceHandle

  /// - Parameters:
  ///   - device: the device that is open already; it is the reader's from now on.
  ///   - open: opens it again.
  package init(
    _ device: any CaptureDeviceHandle, open: @escaping @Sendable () throws(SourceError) -> any CaptureDeviceHandle
  ) {
    self.open = open
    NamedThread(name: "device") { [self] in
      run(device)
      finished.post()
    }.detach()
  }

  /// The next message; nil where none comes within `milliseconds`.
  package func take(milliseconds: Int) -> Message? {
    guard news.wait(milliseconds: milliseconds) else { return nil }
    return inbox.withLock { inbox in
      let message = inbox.messages.removeFirst()
      if case .frames(let frames, _) = message { inbox.samples -= frames.count }
      return message
    }
  }

  /// Closes the device, and returns when that is done, or after a third of a second where it hangs.
  package func stop() {
    inbox.withLock { $0.isStopped = true }
    stopped.post()
    finished.wait(milliseconds: 333)
  }

  private var isStopped: Bool { inbox.withLock { $0.isStopped } }

  private func post(_ message: Message) {
    inbox.withLock { inbox in
      if case .frames(let frames, _) = message { inbox.samples += frames.count }
      inbox.messages.append(message)
    }
    news.post()
  }

  private func run(_ first: any CaptureDeviceHandle) {
    var next: (any CaptureDeviceHandle)? = first
    var pause = Self.backoff.lowerBound
    while !isStopped {
      do throws(SourceError) {
        let device: any CaptureDeviceHandle
        if let next { device = next } else { device = try open() }
        next = nil
        var hasSound = false
        defer {
          device.close()
          // A device that opens and then fails at once is no better than one that does not open.
          if hasSound { pause = Self.backoff.lowerBound }
        }
        try device.start()
        post(.opened(summary: device.summary, device.format))
        try capture(device, hasSound: &hasSound)
      } catch {
        post(.failed(reason: error.description))
        stopped.wait(milliseconds: pause)
        pause = min(pause * 2, Self.backoff.upperBound)
      }
    }
    next?.close()
  }

  /// Returns once it is stopped.
  private func capture(_ device: any CaptureDeviceHandle, hasSound: inout Bool) throws(SourceError) {
    var (waited, overruns) = (0, 0)
    func restart() throws(SourceError) {
      overruns += 1
      guard overruns <= Self.mostOverruns else {
        throw SourceError("alsa:\(device.name): \(overruns) overruns in a row")
      }
      post(.overrun)
      try device.start()
    }
    func wait(_ milliseconds: Int) throws(SourceError) {
      waited += milliseconds
      guard waited <= Self.patience else {
        throw SourceError("alsa:\(device.name): it gives nothing, and is opened again")
      }
    }
    func pause() throws(SourceError) {
      stopped.wait(milliseconds: Self.pauseMilliseconds)
      try wait(Self.pauseMilliseconds)
    }
    while !isStopped {
      guard inbox.withLock({ $0.samples < Self.mostSamples }) else {
        stopped.wait(milliseconds: Self.pauseMilliseconds)
        continue
      }
      switch try device.await(milliseconds: Self.waitMilliseconds) {
      case .overrun: try restart()
      case .timeout: try wait(Self.waitMilliseconds)
      // A wake-up without frames, as the pulse plugin has them: the next may come at once.
      case .nothing: try pause()
      case .frames:
        let now = Clock.monotonic()
        var block: [Int32] = []
        switch try device.read(into: &block) {
        case .overrun: try restart()
        case .nothing, .timeout: try pause()
        case .frames:
          (waited, overruns, hasSound) = (0, 0, true)
          post(.frames(block, at: now))
        }
      }
    }
  }
}
