import Core
import HLS
import System

/// One run of a stream as a state machine: dates the sound, cuts the encoded frames into parts and segments, and decides
/// when listeners are sent what is new.
///
/// The machine has no clock, lock, log, disk or encoder. Each function takes one event and the time of that event, and
/// returns the action that follows from it. `CaptureLoop` reports the events and performs the actions.
struct StreamPipeline {
  enum Action {
    /// Close the encoder's frame, append the rest of its bytes to `pending`, and call `closed` with the same boundary. The
    /// next frame then decodes without the frames before it.
    case close(Boundary)
    /// Send the growth of the recording segment to the listeners that follow it.
    case grow(RecordingSegment, Recipients)
    /// Make an edition of the stream and publish it.
    case publish(Publication)
    /// Tell the operators that the dates of the following segments leap by that span.
    case datesLeap(by: Duration)
  }

  enum Boundary {
    case part, segment
  }

  /// The listeners that follow the recording segment and are sent its growth now.
  enum Recipients {
    case all
    /// Those that ask for every frame as soon as it is there.
    case everyFrame
  }

  /// The content of an edition.
  struct Publication {
    let ring: Ring
    let recording: RecordingSegment
    let history: NowPlayingHistory
    /// The segment that has just become complete; nil if the edition has no new one.
    var completed: Segment?
    /// The peaks of `completed`; nil where nobody has measured the sound.
    var peaks: Peaks?
    /// The listeners that are sent the growth of the recording segment with this edition; nil for none.
    var recipients: Recipients?
  }

  private enum State {
    /// The time of the first sample is not known yet.
    case waitingForSound
    case recording(Recording)
    case ended
  }

  private struct Recording {
    var segmenter: Segmenter
    var clock: StreamClock
    /// The encoded frame up to which all listeners that follow the recording segment have been sent it.
    var sentToAll = 0
    /// The same for the listeners that ask for every frame.
    var sentEveryFrame = 0

    /// The listeners that are to be sent their growth now that `frames` are encoded; from here on they count as served.
    mutating func recipients(at frames: Int, _ cadence: Cadence) -> Recipients? {
      let isChunk = frames - sentToAll >= cadence.chunk
      guard isChunk || frames - sentEveryFrame >= cadence.everyFrame else { return nil }
      sentEveryFrame = frames
      if isChunk { sentToAll = frames }
      return isChunk ? .all : .everyFrame
    }
  }

  /// Bytes that the encoder has finished and the recording segment does not hold yet. The encoder appends to them.
  var pending: [UInt8] = []

  private let layout: StreamLayout
  /// Samples per second of the source, which may differ from the encoded stream's.
  private let sourceRate: Int
  /// Samples by which a sample is decoded later than it was encoded.
  private let delay: Int
  private let restored: Restored
  private var ring: Ring
  private var history = NowPlayingHistory()
  private var state = State.waitingForSound
  /// Frames of PCM captured since the start.
  private var capturedFrames = 0
  private var capturedAt = MonotonicTime(nanoseconds: 0)
  /// Encoded frames since the start.
  private var encodedFrames = 0

  /// - Parameters:
  ///   - sourceRate: samples per second of the source.
  ///   - delay: of the encoder, in samples of the encoded stream.
  ///   - restored: what the runs before have left; its segments are those of `ring`.
  init(_ layout: StreamLayout, sourceRate: Int, delay: Int, restored: Restored, ring: Ring) {
    self.layout = layout
    self.delay = delay
    self.sourceRate = sourceRate
    self.restored = restored
    self.ring = ring
  }

  /// Samples per second of the encoded stream.
  private var sampleRate: Int { layout.grid.sampleRate }

  var isRecording: Bool { if case .recording = state { true } else { false } }

  /// Samples that the encoded stream is long.
  var position: Int { encodedFrames * layout.grid.samplesPerFrame }

  /// The sound that was captured, in samples as players decode them.
  private var capturedSamples: Int { capturedFrames * sampleRate / sourceRate + delay }

  /// The place of the newest sound that was captured, as players will decode the sound; nil before the first sound.
  var edge: LiveEdge.Position? {
    guard case .recording(let recording) = state else { return nil }
    let sample = capturedSamples
    // Sound that belongs to the next segment has the dates of the stream clock.
    let date =
      recording.segmenter.date(of: sample)
      ?? recording.segmenter.origin.advanced(samples: sample, rate: sampleRate)
    return LiveEdge.Position(sample: sample, date: date)
  }

  /// The encoded stream's length in time.
  var length: Duration { .samples(position, rate: sampleRate) }

  /// The parts per million by which the source's clock is faster than the wall clock; nil until it is known.
  var drift: Double? { if case .recording(let recording) = state { recording.clock.partsPerMillion } else { nil } }

  /// The age at `now` of the newest sample that is encoded: the span since it was captured.
  func latency(at now: MonotonicTime) -> Duration {
    let sound = Duration.samples(position - delay, rate: sampleRate)
    return .samples(capturedFrames, rate: sourceRate) - sound + (now - capturedAt)
  }

  /// The run begins. Segments that were restored are published before the first sound.
  mutating func begin(at now: WallTime) -> Action? {
    ring.segments.isEmpty ? nil : .publish(makePublication(of: placeholder(at: now), by: nil))
  }

  /// An operator has said what plays: it plays from the sound on that is captured next.
  mutating func play(_ playing: NowPlaying) {
    history.set(playing, from: capturedSamples)
    if case .recording(let recording) = state { history.date(by: recording.segmenter.date(of:)) }
  }

  /// `count` more frames of PCM have been captured. Segments that begin from now on are dated accordingly.
  mutating func captured(frames count: Int, at now: WallTime, _ instant: MonotonicTime) -> Action? {
    capturedFrames += count
    capturedAt = instant
    if case .waitingForSound = state { return start(at: now) }
    guard var recording = takeRecording() else { return nil }
    defer { state = .recording(recording) }
    let before = recording.clock.origin
    recording.clock.observe(samples: capturedFrames, at: now)
    recording.segmenter.origin = firstSample(by: recording.clock)
    let leap = recording.clock.origin.microseconds - before.microseconds
    // The next segment is the first with the new dates.
    if leap < -StreamClock.leap {
      history.repeatCurrent(from: recording.segmenter.nextCut * layout.grid.samplesPerFrame)
    }
    return abs(leap) > StreamClock.leap ? .datesLeap(by: .microseconds(leap)) : nil
  }

  /// The encoder has finished `total` frames since the start; their bytes are in `pending`.
  mutating func encoded(frames total: Int) -> Action? {
    encodedFrames = total
    guard var recording = takeRecording() else { return nil }
    defer { state = .recording(recording) }
    if total == recording.segmenter.nextCut { return .close(.segment) }
    if total == recording.segmenter.nextPart { return .close(.part) }
    guard let recipients = recording.recipients(at: total, layout.cadence) else { return nil }
    movePending(to: &recording.segmenter)
    return .grow(recording.segmenter.recording, recipients)
  }

  /// The encoder has closed its frame, as `Action.close` asks; all bytes of the finished frames are in `pending`.
  mutating func closed(_ boundary: Boundary, frames total: Int) -> Action? {
    encodedFrames = total
    guard var recording = takeRecording() else { return nil }
    defer { state = .recording(recording) }
    movePending(to: &recording.segmenter)
    switch boundary {
    case .part:
      recording.segmenter.closePart(at: total)
      var publication = makePublication(of: recording.segmenter.recording, by: recording.segmenter)
      // A part that comes between two chunks is not sent on, because each sending costs as much as a longer one.
      publication.recipients = recording.recipients(at: total, layout.cadence)
      return .publish(publication)
    case .segment:
      // With the edition, all listeners that follow the segment come to its end.
      recording.sentToAll = total
      recording.sentEveryFrame = total
      guard let segment = recording.segmenter.cut(at: total) else { return nil }
      ring.append(segment)
      var publication = makePublication(of: recording.segmenter.recording, by: recording.segmenter)
      publication.completed = segment
      return .publish(publication)
    }
  }

  /// All sound that was captured is encoded, and no more comes: the recording segment ends where it is.
  func drained() -> Action? { isRecording ? .close(.segment) : nil }

  /// The input has ended, and the stream was not stopped: the playlists end too.
  mutating func end(at now: WallTime) -> Publication {
    ring.end()
    let segmenter = takeRecording()?.segmenter
    state = .ended
    return makePublication(of: segmenter?.recording ?? placeholder(at: now), by: segmenter)
  }

  private mutating func start(at now: WallTime) -> Action {
    var clock = StreamClock(rate: sourceRate, origin: now.advanced(samples: -capturedFrames, rate: sourceRate))
    clock.observe(samples: capturedFrames, at: now)
    let segmenter = Segmenter(
      grid: layout.grid, packaging: layout.packaging, partFrames: layout.cadence.part, origin: firstSample(by: clock),
      sequence: restored.nextSequence,
      discontinuity: restored.continues)
    state = .recording(Recording(segmenter: segmenter, clock: clock))
    return .publish(makePublication(of: segmenter.recording, by: segmenter))
  }

  /// Takes the recording out of the state, so that its arrays have one owner and are changed in place. The caller puts it
  /// back.
  private mutating func takeRecording() -> Recording? {
    guard case .recording(let recording) = state else { return nil }
    state = .ended
    return recording
  }

  private mutating func movePending(to segmenter: inout Segmenter) {
    segmenter.append(pending)
    pending.removeAll(keepingCapacity: true)
  }

  /// The wall-clock time of the first decoded sample. It belongs to the encoder's delay; the first sound comes that much
  /// later.
  private func firstSample(by clock: StreamClock) -> WallTime {
    clock.origin.advanced(samples: -delay, rate: sampleRate)
  }

  private mutating func makePublication(of recording: RecordingSegment, by segmenter: Segmenter?) -> Publication {
    if let segmenter { history.date(by: segmenter.date(of:)) }
    // Segments of earlier runs have no parts here: nothing is known of their titles.
    history.forget(before: ring.listed.first?.parts.first?.start ?? 0)
    return Publication(ring: ring, recording: recording, history: history)
  }

  /// The first segment before its first sound: only its number is known.
  private func placeholder(at now: WallTime) -> RecordingSegment {
    RecordingSegment(
      SegmentStart(
        sequence: restored.nextSequence, packaging: layout.packaging, sampleRate: sampleRate,
        date: ring.segments.last?.end ?? now, discontinuity: restored.continues))
  }
}
