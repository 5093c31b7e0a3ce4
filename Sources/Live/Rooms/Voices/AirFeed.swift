import System

/// The sound between the mixer and one stream whose source is a room: the air mix on its way to the stream's capture thread,
/// and the programme on its way to the mixer. The mixer never waits; the capture thread waits for the next tick.
final class AirFeed: Sendable {
  /// One tick of the air mix.
  struct Tick {
    /// Ticks that the mixer has left out have numbers, too.
    let number: Int
    /// Whether somebody is on the air whose sound arrives.
    let isOn: Bool
  }

  /// Interleaved samples in a tick: 480 PCM frames of two channels.
  static let samples = 960
  /// Ticks of the programme that wait for the mixer, so that a busy capture thread makes no hole.
  static let programmeAhead = 4
  /// A capture thread that stands still for a third of a second loses ticks.
  private static let ticks = 32
  private static let tickBytes = samples * MemoryLayout<Float>.stride

  /// The gain of the programme under a voice.
  let programmeFloor: Float
  private let air = SoundRing(capacity: ticks * (tickBytes + 16))
  private let programme = SoundRing(capacity: 2 * programmeAhead * (tickBytes + 16))
  private let ready = LightSemaphore()

  init(programmeFloor: Float) {
    self.programmeFloor = programmeFloor
  }

  // The mixer's side

  /// Gives a tick to the stream.
  /// - Parameter mix: `samples` samples at full scale 1.
  func put(_ mix: UnsafePointer<Float>, _ tick: Tick) {
    let bytes = UnsafeRawBufferPointer(start: mix, count: Self.tickBytes)
    if air.push(bytes, kind: tick.isOn ? 1 : 0, tag: tick.number) { ready.post() }
  }

  /// Takes the next tick of the programme.
  /// - Parameter samples: gets `AirFeed.samples` samples at full scale 1.
  /// - Returns: false if there is none.
  func takeProgramme(into samples: UnsafeMutablePointer<Float>) -> Bool {
    programme.pop { bytes, _, _ in
      UnsafeMutableRawPointer(samples).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
    }
  }

  // The stream's side

  /// Waits for the next tick. The mixer ticks as long as the stream runs.
  /// - Parameters:
  ///   - samples: gets `AirFeed.samples` samples at full scale 1.
  ///   - newestOnly: whether all ticks that wait are left out but the newest one.
  /// - Returns: nil if the wait has ended without a tick.
  func next(into samples: UnsafeMutablePointer<Float>, newestOnly: Bool) -> Tick? {
    ready.wait()
    var tick: Tick?
    repeat {
      let isTaken = air.pop { bytes, kind, number in
        UnsafeMutableRawPointer(samples).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
        tick = Tick(number: number, isOn: kind == 1)
      }
      if !isTaken { return tick }
    } while newestOnly
    return tick
  }

  /// Gives a tick of the programme to the mixer.
  /// - Parameter samples: `AirFeed.samples` samples at full scale 1.
  func putProgramme(_ samples: UnsafePointer<Float>) {
    _ = programme.push(UnsafeRawBufferPointer(start: samples, count: Self.tickBytes), tag: 0)
  }

  /// Ends the wait of the capture thread.
  func stop() {
    ready.post()
  }
}
