import Core
import Glibc
import HTTP
import Recordings
import Synchronization
import System

/// The finished recordings of all streams, as listeners get them. The recording that is written is not among them: the
/// bytes behind an address never change.
final class RecordingLibrary: Sendable {
  /// The most files that are open for requests to come.
  private static let mostOpen = 64

  /// The state of a recording that a request asks for.
  enum Finding: Sendable {
    case file(FileRepresentation)
    case missing
    /// The thread opens the file: ask again.
    case later
    /// The disk does not give the file.
    case failed
  }

  private enum Opened: Sendable {
    case file(FileContent)
    case failed
  }

  /// The recordings of some streams, for some caches.
  private struct ListKey: Hashable {
    /// The names of the streams; nil for all of them.
    let streams: [String]?
    let caches: Audience.Caches
    let uploads: ShownUploads
  }

  /// The uploads that a list has beside the recordings.
  enum ShownUploads: Hashable {
    case none, published, all
  }

  private struct State {
    var streams: [String: [StoredRecording]] = [:]
    var recordings: [RecordingName: StoredRecording] = [:]
    /// The recordings that recorders write, by stream.
    var written: [String: [RecordingName]] = [:]
    /// The notes that operators have changed since the recorders read them.
    var notes: [RecordingName: RecordingNote] = [:]
    /// The recordings that operators have deleted, and that their recorders may still list.
    var deleted: [StoredRecording] = []
    var opened: [RecordingName: Opened] = [:]
    /// The names of the opened files, the oldest first.
    var order: [RecordingName] = []
    /// Counts the changes of the lists.
    var generation = 0
    var lists: [ListKey: Representation] = [:]
    var uploads: [ListedUpload] = []
    var hasThread = false
  }

  /// The most lists that are kept for requests to come.
  private static let mostLists = 32

  private let crossOrigin: [(name: String, value: String)]
  private let onOpen: @Sendable () -> Void
  private let state = Mutex(State())
  private let worker = Worker<Set<RecordingName>>(name: "recordings", inbox: [])

  /// - Parameters:
  ///   - crossOrigin: the header fields by which pages of other sites may read the answers.
  ///   - onOpen: called when requests that were told to ask again get an answer.
  init(crossOrigin: [(name: String, value: String)], onOpen: @escaping @Sendable () -> Void) {
    (self.crossOrigin, self.onOpen) = (crossOrigin, onOpen)
  }

  func stop() { worker.stop(within: .zero) }

  /// The finished recordings of a stream are these.
  /// - Parameter written: the recordings that are not finished.
  func set(_ recordings: [StoredRecording], written: [RecordingName] = [], of stream: String) {
    state.withLock { state in
      state.deleted.removeAll { deleted in
        deleted.name.stream == stream && !recordings.contains { $0.isSameFile(as: deleted) }
      }
      state.streams[stream] = recordings.filter { recording in
        !state.deleted.contains { $0.isSameFile(as: recording) }
      }
      state.written[stream] = written
      Self.changed(&state)
    }
    makeLists()
  }

  /// The thread of the recorder makes the lists, and not the next request.
  private func makeLists() {
    for caches in [Audience.Caches.all, .own] { _ = list(of: nil, for: caches) }
    guard state.withLock({ !$0.uploads.isEmpty }) else { return }
    for shown in [ShownUploads.all, .published] { _ = list(of: nil, for: .own, uploads: shown) }
  }

  private static func changed(_ state: inout State) {
    state.generation += 1
    state.lists = [:]
    state.recordings = Dictionary(state.streams.values.joined().map { ($0.name, $0) }) { first, _ in first }
    state.notes = state.notes.filter { state.recordings[$0.key] != nil }
    for (name, note) in state.notes { state.recordings[name]?.note = note }
    // A file that is gone takes room on the disk until it is closed.
    state.opened = state.opened.filter { state.recordings[$0.key] != nil }
    state.order = state.order.filter { state.recordings[$0] != nil }
  }

  // The operators

  /// A finished recording, also a hidden one.
  func recording(_ name: RecordingName) -> StoredRecording? { state.withLock { $0.recordings[name] } }

  /// Whether a recorder writes the recording.
  func isWritten(_ name: RecordingName) -> Bool { state.withLock { $0.written[name.stream]?.contains(name) == true } }

  /// An operator has changed the note of a recording.
  func set(_ note: RecordingNote, of name: RecordingName) {
    state.withLock { state in
      state.notes[name] = note
      Self.changed(&state)
    }
    makeLists()
  }

  /// An operator has deleted a recording.
  func noteDeleted(_ recording: StoredRecording) {
    state.withLock { state in
      state.deleted.append(recording)
      let stream = recording.name.stream
      state.streams[stream]?.removeAll { $0.isSameFile(as: recording) }
      Self.changed(&state)
    }
    makeLists()
  }

  /// Whether an operator has deleted a recording that a recorder still lists.
  func hasDeleted(_ recording: StoredRecording) -> Bool {
    state.withLock { $0.deleted.contains { $0.isSameFile(as: recording) } }
  }

  /// `/recordings/all.json`: with the hidden recordings.
  func operatorList(headers: [(name: String, value: String)]) -> Representation {
    let recordings = Self.sorted(state.withLock { Array($0.recordings.values) })
    return .news(Self.document(recordings, isOperator: true), at: .now, compressed: true, headers: headers)
  }

  /// The recordings of a stream that its podcast feed has, the newest first.
  func published(of stream: String) -> [StoredRecording] {
    let recordings = state.withLock { Array($0.recordings.values) }
    return Self.sorted(recordings.filter { $0.name.stream == stream && $0.note.isPublic && !$0.note.isHidden })
  }

  /// The uploads are these. Called on one thread, which makes the lists, and not the next request.
  func set(uploads: [ListedUpload]) {
    let (recordings, generation, known) = state.withLock { ($0.recordings, $0.generation, $0.lists.keys) }
    let usual = [ShownUploads.all, .published].map { ListKey(streams: nil, caches: .own, uploads: $0) }
    let lists = Set(known.filter { $0.uploads != .none } + usual).map { ($0, list($0, recordings, uploads)) }
    state.withLock { state in
      state.uploads = uploads
      state.lists = state.lists.filter { $0.key.uploads == .none }
      // Lists of another moment are not kept.
      if state.generation == generation { for (key, list) in lists { state.lists[key] = list } }
      state.generation += 1
    }
  }

  /// `/recordings.json`
  /// - Parameter streams: the names of the streams whose recordings are listed, sorted; nil for all streams, also those
  ///   that are gone.
  func list(
    of streams: [String]? = nil, for caches: Audience.Caches, uploads: ShownUploads = .none
  ) -> Representation {
    let key = ListKey(streams: streams, caches: caches, uploads: uploads)
    let (known, all, shown, generation) = state.withLock { ($0.lists[key], $0.recordings, $0.uploads, $0.generation) }
    if let known { return known }
    let list = list(key, all, shown)
    state.withLock { state in
      // A list of another moment is not kept.
      if state.generation == generation, state.lists.count < Self.mostLists { state.lists[key] = list }
    }
    return list
  }

  private func list(
    _ key: ListKey, _ recordings: [RecordingName: StoredRecording], _ uploads: [ListedUpload]
  ) -> Representation {
    let listed = recordings.values.filter { recording in
      !recording.note.isHidden && key.streams?.contains(recording.name.stream) != false
    }
    let shown = key.uploads == .none ? [] : uploads.filter { key.uploads == .all || $0.isPublished }
    return Self.list(Self.sorted(listed), shown, for: audience(key.caches))
  }

  func audience(_ caches: Audience.Caches) -> Audience { Audience(caches: caches, crossOrigin: crossOrigin) }

  /// Cache-Control of a recording: its bytes never change, but an operator may hide or delete them.
  func cacheControl(_ caches: Audience.Caches) -> String {
    caches == .all ? "public, max-age=3600" : "private, no-cache"
  }

  /// The newest first.
  private static func sorted(_ recordings: some Sequence<StoredRecording>) -> [StoredRecording] {
    recordings.sorted { ($0.name.start, $0.id) > ($1.name.start, $1.id) }
  }

  /// The answer to all requests for a recording. The file is opened on a thread, because a disk may hang.
  /// - Parameter caches: the caches that may keep the answer.
  func find(_ name: RecordingName, for caches: Audience.Caches) -> Finding {
    let (isListed, opened): (Bool, Opened?) = state.withLock { state in
      guard state.recordings[name] != nil else { return (false, nil) }
      let opened = state.opened[name]
      if case .failed = opened { state.opened[name] = nil }
      return (true, opened)
    }
    switch opened {
    case .file(let file): return .file(representation(of: file, as: name, audience(caches)))
    case .failed: return .failed
    case nil where !isListed: return .missing
    case nil:
      startThread()
      worker.post { $0.insert(name) }
      return .later
    }
  }

  private func representation(
    of file: FileContent, as name: RecordingName, _ audience: Audience
  ) -> FileRepresentation {
    FileRepresentation(
      file, contentType: "audio/mpeg",
      cacheControl: cacheControl(audience.caches),
      // The name has none of the characters that need quoting (RFC 6266 §4.1).
      headers: [(name: "Content-Disposition", value: "inline; filename=\"\(name.text)\"")] + audience.headers)
  }

  /// The first request for a file starts the thread: a station that records nothing has none.
  private func startThread() {
    let isFirst = state.withLock { state in
      defer { state.hasThread = true }
      return !state.hasThread
    }
    guard isFirst else { return }
    worker.start(with: ()) { [weak self] _, names in
      for name in names { self?.open(name) }
      self?.onOpen()
      return .untilPost
    }
  }

  private func open(_ name: RecordingName) {
    guard let path = state.withLock({ $0.opened[name] == nil ? $0.recordings[name]?.path : nil }) else { return }
    do {
      note(name, .file(try FileContent(path: path)))
    } catch {
      if error.isMissing { state.withLock { $0.recordings[name] = nil } } else { note(name, .failed) }
    }
  }

  private func note(_ name: RecordingName, _ opened: Opened) {
    state.withLock { state in
      guard state.recordings[name] != nil else { return }
      state.opened[name] = opened
      state.order.removeAll { $0 == name }
      state.order.append(name)
      if state.order.count > Self.mostOpen { state.opened[state.order.removeFirst()] = nil }
    }
  }

  private static func list(
    _ recordings: [StoredRecording], _ uploads: [ListedUpload], for audience: Audience
  ) -> Representation {
    .news(
      document(recordings, uploads), at: .now, cacheControl: audience.anew(sharedFor: 1), compressed: true,
      headers: audience.headers)
  }

  private static func document(
    _ recordings: [StoredRecording], _ uploads: [ListedUpload] = [], isOperator: Bool = false
  ) -> JSON {
    let entries =
      recordings.map { ($0.name.start, $0.id, json($0, isOperator: isOperator)) }
      + uploads.map { ($0.start, $0.id, $0.json) }
    let listed = uploads.isEmpty ? entries : entries.sorted { ($0.0, $0.1) > ($1.0, $1.1) }
    return .object([("recordings", .array(listed.map(\.2)))])
  }

  private static func json(_ stored: StoredRecording, isOperator: Bool) -> JSON {
    let (recording, name) = (stored.recording, stored.name)
    let hidden: [(String, JSON)] = isOperator ? [("hidden", .bool(stored.note.isHidden))] : []
    return .object(
      [
        ("id", .string(stored.id)), ("title", .string(stored.title)), ("stream", .string(name.stream)),
        ("named", .bool(stored.note.title != nil)), ("public", .bool(stored.note.isPublic)),
      ] + hidden + [
        ("start", .string(name.startText)), ("length", seconds(recording.milliseconds)), ("size", .number(stored.size)),
        ("type", .string("audio/mpeg")), ("url", .string("/recordings/\(name.text)")),
        ("peaks", .string("/recordings/\(stored.id).peaks")),
        (
          "chapters",
          .array(
            recording.titled.map { chapter in
              .object([
                ("start", seconds(chapter.start)), ("end", seconds(chapter.end)), ("title", .string(chapter.title)),
              ])
            })
        ),
      ])
  }

  private static func seconds(_ milliseconds: Int) -> JSON {
    .decimal(Duration.milliseconds(milliseconds).decimalSeconds)
  }
}

extension SystemError {
  /// Whether there is no file that may be read.
  var isMissing: Bool { code == ENOENT || code == ELOOP || code == EINVAL }
}
