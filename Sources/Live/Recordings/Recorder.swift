import Core
import Logging
import Recordings
import Synchronization
import System

/// Records a stream, on a thread of its own. A disk that fails or hangs is logged once and tried again; the stream goes on,
/// and notices nothing. Meanwhile the parts wait in memory, as far as there is room.
final class Recorder: Sendable {
  /// The most bytes of parts that wait for the thread, and for the disk: three minutes of 320 kbit/s each.
  private static let mostBytes = 8 << 20
  private static let retryPause = Duration.seconds(1)
  private static let syncInterval = Duration.seconds(1)
  private static let pruneInterval = Duration.seconds(60)

  private enum Item: Sendable {
    case part(RecordedPart)
    case mark(String)
    case turn(on: Bool)

    var bytes: Int { if case .part(let part) = self { part.bytes.count } else { 0 } }
  }

  private struct Inbox: Sendable {
    var items: [Item] = []
    var bytes = 0
    /// Samples of the parts for which there was no room.
    var lost = Duration.zero
    var isEnding = false
  }

  private struct Tools: Sendable {
    let shelf: RecordingShelf
    var plan: RecordingPlan
    var isOpen = false
    var content = RecordingShelf.Content()
    /// When this run finished a recording.
    var finished: [RecordingName: MonotonicTime] = [:]
    /// The recordings that could not be removed, of which the log was told.
    var unremovable: Set<RecordingName> = []
    var file: RecordingFile?
    var pending: [Item] = []
    var lost = Duration.zero
    var isEnding = false
    var syncedAt = MonotonicTime(nanoseconds: 0)
    var prunedAt = MonotonicTime(nanoseconds: 0)
  }

  private struct State {
    /// The start of the write in progress.
    var began: MonotonicTime?
    var health = DiskHealth()
    /// Whether the operators want the stream recorded.
    var isOn = true
    /// Whether `stop` has waited in vain: from then on, the list is that of another recorder.
    var isGivenUp = false
  }

  private let stream: String
  private let path: String
  private let library: RecordingLibrary
  private let log: Log
  private let events: EventSink
  private let state = Mutex(State())
  private let worker = Worker<Inbox>(name: "recorder", inbox: Inbox())

  init(
    _ settings: RecordSettings, stream: String, library: RecordingLibrary, log: Log, events: EventSink = .none
  ) {
    (self.stream, self.library, self.log, self.events) = (stream, library, log, events)
    path = settings.directory
    let shelf = RecordingShelf(Folder(settings.directory), stream: stream, keep: settings.keep)
    let plan = RecordingPlan(stream: stream, length: settings.length)
    // The first run opens the folder, before any sound comes.
    worker.start(with: Tools(shelf: shelf, plan: plan), first: .pause(.zero)) { [self] tools, posted in
      run(&tools, posted)
    }
  }

  /// Whether the disk has neither failed nor been slow in the last ten seconds.
  var isWell: Bool {
    state.withLock { state in
      if let began = state.began, .now - began > DiskHealth.writeTimeout { return false }
      return !state.health.isTroubled
    }
  }

  /// Adds a part to the recording; returns at once. If no memory is left for it, the part is lost, and the recording ends
  /// before it.
  func take(_ part: RecordedPart) {
    worker.post { inbox in
      guard inbox.bytes + part.bytes.count <= Self.mostBytes else {
        inbox.lost += .samples(part.samples, rate: part.sampleRate)
        return
      }
      inbox.items.append(.part(part))
      inbox.bytes += part.bytes.count
    }
    let hangs = state.withLock { state in
      // A thread that hangs in a write cannot say so.
      guard let began = state.began, .now - began > DiskHealth.writeTimeout else { return false }
      return state.health.fails(now: .now)
    }
    if hangs { report(.slow) }
  }

  /// Whether the operators want the stream recorded.
  var isOn: Bool { state.withLock { $0.isOn } }

  /// As `/status` has the recorder.
  var json: JSON { .object([("on", .bool(isOn)), ("well", .bool(isWell))]) }

  /// Begins or ends the recording; returns at once.
  func turn(on isOn: Bool) {
    let isNews = state.withLock { state in
      guard state.isOn != isOn else { return false }
      state.isOn = isOn
      // Inside the lock, so that two operators' turns take effect in the order of their answers.
      worker.post { $0.items.append(.turn(on: isOn)) }
      return true
    }
    guard isNews else { return }
    log.info("recordings: \(isOn ? "started" : "stopped") by an operator")
  }

  /// Begins a chapter at the newest sound; returns at once.
  func mark(_ text: String) {
    worker.post { $0.items.append(.mark(text)) }
  }

  /// No more parts come: the recording is to be finished. Returns at once; `stop` waits.
  func end() { worker.post { $0.isEnding = true } }

  /// Waits until the recording is finished.
  /// - Parameter timeout: the longest wait for a disk that hangs.
  func stop(within timeout: Duration) {
    end()
    if !worker.stop(within: timeout) {
      state.withLock { $0.isGivenUp = true }
      log.warning("recordings: \(path) hangs; the recording is finished at the next start")
    }
  }

  // The thread

  private func run(_ tools: inout Tools, _ posted: Inbox) -> Worker<Inbox>.Wait {
    tools.pending += posted.items
    tools.lost += posted.lost
    tools.isEnding = tools.isEnding || posted.isEnding
    state.withLock { $0.began = .now }
    do {
      try write(&tools)
    } catch is RecordingFile.Lost {
      // The next part begins a new file, and the parts that were not written yet are its first. The folder may be another.
      tools.file?.close()
      tools.file = nil
      tools.plan.lose()
      tools.isOpen = false
      state.withLock { $0.began = nil }
      return worker.isStopping ? .untilPost : .pause(.zero)
    } catch {
      forgetOldest(&tools)
      let isNews = state.withLock { state in
        state.began = nil
        return state.health.fails(now: .now)
      }
      if isNews { report(.failed("\(error)")) }
      return .pause(Self.retryPause)
    }
    reportEnd(&tools)
    // A file without new parts still reaches the medium, and old recordings still go.
    return .untilPostOr(Self.syncInterval)
  }

  private func write(_ tools: inout Tools) throws {
    if !tools.isOpen { try open(&tools) }
    while let item = tools.pending.first {
      var plan = tools.plan
      for action in Self.actions(of: item, by: &plan) { try perform(action, &tools) }
      tools.plan = plan
      tools.pending.removeFirst()
    }
    if tools.isEnding {
      var plan = tools.plan
      for action in plan.end() { try perform(action, &tools) }
      tools.plan = plan
    }
    let now = MonotonicTime.now
    if now - tools.syncedAt >= Self.syncInterval {
      try tools.file?.sync()
      tools.syncedAt = now
      lookAgain(&tools)
    }
    if now - tools.prunedAt >= Self.pruneInterval { prune(&tools) }
  }

  private static func actions(of item: Item, by plan: inout RecordingPlan) -> [RecordingPlan.Action] {
    switch item {
    case .part(let part): plan.take(part, offset: LocalTime.offset(at: part.middle.microseconds / 1_000_000))
    case .mark(let text): plan.mark(text)
    case .turn(let isOn): plan.turn(on: isOn)
    }
  }

  /// Lists the recordings. This may take longer than a write, because each file is opened.
  private func open(_ tools: inout Tools) throws {
    state.withLock { $0.began = nil }
    tools.content = try tools.shelf.open { log.warning("recordings: \($0)") }
    tools.isOpen = true
    publish(tools)
    state.withLock { $0.began = .now }
  }

  /// Looks at the files that another recorder has written: the stream's run before a reload may still finish its file.
  private func lookAgain(_ tools: inout Tools) {
    guard !tools.content.busy.isEmpty else { return }
    let found = tools.shelf.look(at: tools.content.busy) { log.warning("recordings: \($0)") }
    guard found.busy.count < tools.content.busy.count else { return }
    tools.content.stored += found.stored
    tools.content.busy = found.busy
    publish(tools)
  }

  private func publish(_ tools: Tools) {
    guard !state.withLock({ $0.isGivenUp }) else { return }
    let written = tools.content.busy + (tools.file.map { [$0.name] } ?? [])
    library.set(tools.content.stored, written: written, of: stream)
  }

  /// Performs an action, which may have been performed before, whole or in part.
  private func perform(_ action: RecordingPlan.Action, _ tools: inout Tools) throws {
    switch action {
    case .begin(let recording):
      if tools.file?.planned == recording.name { return }
      if let unused = tools.file {
        // The part for which the file was made has been lost.
        tools.file = nil
        if unused.hasSound { unused.close() } else { try unused.discard() }
      }
      try tools.shelf.folder.create()
      var file = try RecordingFile(recording.name, in: tools.shelf.folder)
      do {
        try file.describe(recording)
      } catch {
        try? file.discard()
        throw error
      }
      tools.file = file
      publish(tools)
      prune(&tools)
    case .append(let bytes): try tools.file?.append(bytes)
    case .describe(let recording): try tools.file?.describe(recording)
    case .finish(let recording):
      // A file without sound is the next one, which may have the same planned name: this action was performed before.
      guard var file = tools.file, file.planned == recording.name, file.hasSound else { return }
      try file.finish(recording)
      file.close()
      tools.file = nil
      tools.content.stored.append(tools.shelf.stored(recording, as: file.name, size: file.size, modified: .now))
      tools.finished[file.name] = .now
      publish(tools)
      log.debug("recordings: \(file.name.text) is finished, \(file.size) bytes")
    }
  }

  /// A recording that cannot be removed is no trouble of the disk: the others are written, and go.
  private func prune(_ tools: inout Tools) {
    let now = MonotonicTime.now
    tools.prunedAt = now
    // Operators may have deleted some.
    tools.content.stored.removeAll { library.hasDeleted($0) }
    var kept: [(RecordingName, SystemError)] = []
    let gone = Set(
      tools.shelf.prune(
        tools.content.stored, current: tools.file?.size ?? 0, now: .now,
        sinceFinish: { [finished = tools.finished] name in finished[name].map { now - $0 } }
      ) { kept.append(($0, $1)) })
    for (name, error) in kept where tools.unremovable.insert(name).inserted {
      log.warning("recordings: \(error); the file stays although it is too old or too much")
    }
    guard !gone.isEmpty else { return }
    tools.content.stored.removeAll { gone.contains($0.recording.name) }
    tools.finished = tools.finished.filter { !gone.contains($0.key) }
    publish(tools)
  }

  /// Without room in memory, the oldest parts are lost. A part that was written in part is written again.
  private func forgetOldest(_ tools: inout Tools) {
    var bytes = tools.pending.reduce(0) { $0 + $1.bytes }
    while bytes > Self.mostBytes, let index = tools.pending.firstIndex(where: { $0.bytes > 0 }),
      case .part(let part) = tools.pending.remove(at: index)
    {
      bytes -= part.bytes.count
      tools.lost += .samples(part.samples, rate: part.sampleRate)
    }
  }

  // The log

  /// News of the disk.
  private enum News {
    case failed(String)
    case slow
    /// After that time of trouble, in which that much sound was not recorded.
    case well(after: Duration, lost: Duration)
  }

  private func reportEnd(_ tools: inout Tools) {
    let now = MonotonicTime.now
    let (isNews, trouble) = state.withLock { state -> (Bool, Duration?) in
      let wasSlow = now - (state.began ?? now) > DiskHealth.writeTimeout
      state.began = nil
      return wasSlow ? (state.health.fails(now: now), nil) : (false, state.health.succeeds(now: now))
    }
    if isNews { return report(.slow) }
    guard let trouble else { return }
    report(.well(after: trouble, lost: tools.lost))
    tools.lost = .zero
  }

  /// The only place that learns when the trouble of a disk begins and ends.
  private func report(_ news: News) {
    switch news {
    case .failed(let error):
      log.error("recordings: \(error); the stream goes on, and the write is tried again")
      events.tell(.recordingFailed(reason: error))
    case .slow:
      log.warning("recordings: writing to \(path) takes more than a second; the stream goes on")
      events.tell(.recordingFailed(reason: "writing takes more than a second"))
    case .well(let trouble, let lost):
      let words = lost > .zero ? "; \(lost.decimalSeconds) s of sound were not recorded" : ""
      log.info("recordings: \(path) is written again\(words)")
      events.tell(.recordingRecovered(after: trouble))
    }
  }
}
