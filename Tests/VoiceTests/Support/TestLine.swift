@testable import Voice

/// A talker whose packets come over a line that keeps their order, and a user of a jitter buffer who only counts samples. All
/// times are samples of 48 kHz.
struct TestLine {
  var buffer = JitterBuffer()
  /// How much faster the talker's clock is, in millionths.
  var drift = 0.0
  /// The numbers of the packets that were played, and -1 for each 10 ms that was made up; nil keeps no list.
  var played: [Int]? = []
  private(set) var empty = 0
  private(set) var lost = 0
  private(set) var now = 480_000
  private(set) var fill = 0
  private var queued = 0.0
  private var packet = 0
  /// The arrival of the next packet, once that is decided.
  private var arrival: Int?
  private var isNew = true
  private let start = 480_000

  /// The sequence number of the first packet.
  var firstSequence: UInt32 = 0

  /// Samples from the moment when a sample could have been played at the earliest to the moment when it is.
  var trueDelay: Double {
    let sample = Double((buffer.next - Int(firstSequence)) * Sound.frames) - queued
    return Double(now - start) - sample / (1 + drift / 1e6)
  }

  /// Runs for some ticks.
  /// - Parameter lateness: samples by which a packet that is complete at an instant comes late; nil is a packet that is not
  ///   sent at all.
  mutating func run(ticks: Int, lateness: (_ complete: Int) -> Int?) {
    for _ in 0..<ticks {
      now += Sound.frames
      deliver(lateness)
      tick()
    }
  }

  private mutating func deliver(_ lateness: (Int) -> Int?) {
    while true {
      let complete = start + Int(Double((packet + 1) * Sound.frames) / (1 + drift / 1e6))
      guard complete <= now else { return }
      if isNew { arrival = lateness(complete).map { max(arrival ?? 0, complete + $0) } }
      isNew = false
      if let arrival {
        guard arrival <= now else { return }
        _ = buffer.insert(sequence: firstSequence &+ UInt32(truncatingIfNeeded: packet), at: arrival)
      }
      packet += 1
      isNew = true
    }
  }

  private mutating func tick() {
    switch buffer.tick(at: now, queued: queued) {
    case .silence: queued = 0
    case .begin(let ratio, let skip):
      queued = 0
      take()
      queued -= Double(skip)
      play(ratio)
    case .play(let ratio, _): play(ratio)
    }
    fill = max(fill, buffer.fill)
  }

  private mutating func play(_ ratio: Double) {
    while queued < ratio * 480 + 16 { take() }
    queued -= ratio * 480
  }

  private mutating func take() {
    let number = buffer.next - Int(firstSequence)
    switch buffer.take() {
    case .packet: played?.append(number)
    case .lost:
      lost += 1
      played?.append(-1)
    case .empty:
      empty += 1
      played?.append(-1)
    }
    queued += 480
  }
}
