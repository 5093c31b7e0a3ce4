import Glibc
import Synchronization

/// Tries a lost device again and again on a thread of its own, because opening one may block for seconds.
final class DeviceOpener: Sendable {
  private enum State {
    case idle
    case trying
    case cancelled
    /// Open, started, and not taken yet.
    case found(ALSADevice)
  }

  private let state = Mutex(State.idle)
  private let name: String
  private let rates: [Int]
  private let channels: [Int]
  private let period: Int

  init(name: String, rates: [Int], channels: [Int], period: Int) {
    (self.name, self.rates, self.channels, self.period) = (name, rates, channels, period)
  }

  /// Begins to try; nothing where it is trying already.
  func start() {
    let begin = state.withLock { state in
      guard case .idle = state else { return false }
      state = .trying
      return true
    }
    guard begin else { return }
    NamedThread(name: "alsa-open") { [self] in
      var pause = 250_000_000
      while isTrying {
        if let device = attempt() {
          deliver(device)
          return
        }
        Clock.sleep(until: Clock.monotonic() + pause)
        pause = min(pause * 2, 4_000_000_000)
      }
    }.detach()
  }

  /// The device, once it is there.
  func take() -> ALSADevice? {
    state.withLock { state in
      guard case .found(let device) = state else { return nil }
      state = .idle
      return device
    }
  }

  /// Gives up; a device that is found later is closed.
  func cancel() {
    take()?.close()
    state.withLock { $0 = .cancelled }
  }

  private var isTrying: Bool {
    state.withLock { if case .trying = $0 { true } else { false } }
  }

  private func deliver(_ device: ALSADevice) {
    state.withLock { state in
      guard case .trying = state else { return device.close() }
      state = .found(device)
    }
  }

  private func attempt() -> ALSADevice? {
    guard let device = try? ALSADevice.open(name, rates: rates, channels: channels, period: period) else { return nil }
    do {
      try device.start()
      return device
    } catch {
      device.close()
      return nil
    }
  }
}
