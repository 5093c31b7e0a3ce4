import Glibc
import System

/// One listener: its connection, its requests, and the checks of the answers.
final class Listener {
  private enum Purpose {
    case none
    case playlist
    case media(Reference)
    case endless
    case events
  }

  /// The pause from an error to the next attempt.
  private static let pause = Duration.milliseconds(500)

  private let number: Int
  private(set) var course: Course
  private(set) var silence = Silence()
  /// Whether any sound was received.
  private(set) var isHearing = false

  private var connection: Connection?
  private var isOpening = false
  private var purpose = Purpose.none
  private var askedAt = MonotonicTime(nanoseconds: 0)
  private var status = 0
  private var playlist: [UInt8] = []
  /// Bytes received of the requested media.
  private var received = 0
  private var isCorrupt = false
  /// The timestamp at which the next media must begin.
  private var joint: Int?
  private var endless = FrameWalker(joinsAnywhere: true)
  private var events = EventReader()

  init(_ options: Options, number: Int) {
    (self.number, course) = (number, Course(options, number: number))
  }

  func beginMeasurement(at time: MonotonicTime) {
    silence.begin(at: time)
  }

  func endMeasurement(at time: MonotonicTime, cushion: Duration) {
    silence.end(at: time, cushion: cushion)
  }

  /// Connects, or sends the next request.
  func startNext(_ shared: inout Shared) {
    if connection == nil { connect(&shared) } else { ask(&shared) }
  }

  /// Handles an event of the connection.
  /// - Parameter isGone: whether the other end is closed; then everything that is left is read.
  func receive(isGone: Bool, _ shared: inout Shared) {
    if isOpening, connection != nil {
      switch connection!.continueOpening() {
      case .unfinished: return
      case .failed: return fail(\.resets, &shared)
      case .done: break
      }
      isOpening = false
      ask(&shared)
    }
    while let outcome = connection?.receive(into: shared.buffer) {
      switch outcome {
      case .bytes(let count):
        take(UnsafeRawBufferPointer(rebasing: shared.buffer[..<count]), &shared)
        // epoll(7): "the condition that the read/write I/O space is exhausted can also be detected by checking the
        // amount of data read": later data cause a new event, but an end that was reported already does not.
        if count < shared.buffer.count, !isGone, connection?.isEmptyAfterShortReceipt == true { return }
      case .nothingNow: return
      case .closed: return closed(&shared)
      case .failed: return fail(\.resets, &shared)
      }
    }
  }

  private func connect(_ shared: inout Shared) {
    do {
      connection = try Connection.open(to: shared.options.url, source: shared.source(of: number), shared.credentials)
      isOpening = true
      try connection!.watch(by: shared.epoll, number: number)
    } catch {
      fail(\.refused, &shared)
    }
  }

  private func ask(_ shared: inout Shared) {
    let now = MonotonicTime.now
    let path: String
    switch course.next(now: now) {
    case .wait(let time):
      purpose = .none
      return shared.agenda.add(number, at: time)
    case .ended:
      purpose = .none
      return
    case .playlist(let location): (purpose, path) = (.playlist, location)
    case .media(let location): (purpose, path) = (.media(shared.references.reference(for: location)), location)
    case .endless(let location): (purpose, path) = (.endless, location)
    case .events(let location): (purpose, path) = (.events, location)
    }
    askedAt = now
    received = 0
    isCorrupt = false
    playlist.removeAll(keepingCapacity: true)
    shared.tally.requests += 1
    if !connection!.get(path) { fail(\.resets, &shared) }
  }

  private func take(_ bytes: UnsafeRawBufferPointer, _ shared: inout Shared) {
    shared.tally.bytes += bytes.count
    var rest = bytes
    while let event = connection?.next(&rest) {
      switch event {
      case .head(let status): self.status = status
      case .body(let piece): take(content: piece, &shared)
      case .end(let isReusable): ended(isReusable, &shared)
      case .reset: fail(\.resets, &shared)
      case .malformed: fail(\.malformed, &shared)
      }
    }
  }

  private func take(content piece: UnsafeRawBufferPointer, _ shared: inout Shared) {
    guard status == 200 else { return }
    switch purpose {
    case .none: break
    case .playlist: playlist += piece
    case .media(let reference):
      if !isCorrupt, !reference.matches(piece, at: received) {
        isCorrupt = true
        shared.tally.corrupt += 1
      }
      // The tag in front is not sound.
      let sound = reference.sound(in: received..<received + piece.count)
      received += piece.count
      hear(sound, &shared)
    case .endless:
      let wasBroken = endless.isBroken
      endless.walk(piece)
      if endless.isBroken, !wasBroken { shared.tally.corrupt += 1 }
      hear(.playing(bytes: piece.count, kilobitsPerSecond: endless.bitrate), &shared)
    case .events:
      isHearing = true
      let now = MonotonicTime.now
      events.read(piece) { sent in
        if shared.isMeasuring { shared.arrivals.note(sent: sent, arrived: now) }
      }
    }
  }

  private func hear(_ sound: Duration, _ shared: inout Shared) {
    guard sound > .zero else { return }
    isHearing = true
    let gap = silence.arrived(sound, at: .now, cushion: shared.cushion)
    if let gap, shared.isMeasuring { shared.tally.gaps.add(gap) }
  }

  private func ended(_ isReusable: Bool, _ shared: inout Shared) {
    if !isReusable { connection = nil }
    guard status == 200 else {
      shared.tally.statuses[status, default: 0] += 1
      return startOver(&shared)
    }
    switch purpose {
    case .playlist:
      guard let playlist = shared.playlist(playlist) else { return fail(\.malformed, &shared) }
      course.received(playlist, askedAt: askedAt)
    case .media(let reference):
      if !isCorrupt, !reference.ends(after: received) { shared.tally.corrupt += 1 }
      if let joint, !reference.follows(joint) { shared.tally.jumps += 1 }
      joint = reference.end
      course.receivedMedia()
    case .endless, .events:
      // Neither an endless stream nor the events of a room may end.
      return fail(\.resets, &shared)
    case .none: break
    }
    startNext(&shared)
  }

  private func closed(_ shared: inout Shared) {
    // A server may close an idle connection.
    if case .none = purpose, connection?.isInside == false {
      connection = nil
      return
    }
    switch connection?.closed() {
    case .end(let isReusable)?: ended(isReusable, &shared)
    default: fail(\.resets, &shared)
    }
  }

  private func fail(_ kind: WritableKeyPath<Tally, Int>, _ shared: inout Shared) {
    shared.tally[keyPath: kind] += 1
    connection = nil
    startOver(&shared)
  }

  private func startOver(_ shared: inout Shared) {
    course.reset()
    purpose = .none
    joint = nil
    endless = FrameWalker(joinsAnywhere: true)
    events = EventReader()
    shared.agenda.add(number, at: .now + Self.pause)
  }
}
