import Core
import HLS
import HTTP
import Recordings
import System

/// Answers the requests for recordings.
final class RecordingHandlers: Sendable {
  /// The longest wait for a disk that does not open a file, and for a waveform.
  private static let longestWait = Duration.seconds(10)

  private let library: RecordingLibrary
  private let work: RecordingWork
  private let streams: StreamDirectory
  private let files: StaticFiles
  private let gates: Gates
  private let feeds: RecordingFeeds
  /// Nil where nobody may upload.
  private let uploads: UploadAccess?

  init(
    _ library: RecordingLibrary, _ work: RecordingWork, streams: StreamDirectory, files: StaticFiles, gates: Gates,
    identity: Identity, uploads: UploadAccess? = nil
  ) {
    (self.library, self.work, self.streams) = (library, work, streams)
    (self.files, self.gates, self.uploads) = (files, gates, uploads)
    feeds = RecordingFeeds(library, identity)
  }

  /// Whether a stream is recorded; a reload of the settings may change that.
  var areRecorded: Bool { uploads != nil || streams.now.entries.contains { $0.stream.recorder != nil } }

  /// - Parameter waited: the time since the request was held first.
  func reply(to request: Request, for path: RecordingPath, through endpoint: Endpoint, waited: Duration) -> Reply {
    switch (path, request.method) {
    case (.control(let name, let control), _): return reply(to: request, for: control, of: name, through: endpoint)
    case (.file(let name), .other("PATCH")), (.file(let name), .other("DELETE")):
      return change(name, request, through: endpoint, waited: waited)
    case (.operatorList, .get), (.operatorList, .head): return .respond(operatorList(request, through: endpoint))
    case (_, .put), (_, .other): return .respond(.methodNotAllowed)
    case (_, .options), (_, .get), (_, .head): break
    }
    switch path {
    case .redirect:
      // The page takes the token out of its address.
      let token = request.query.first { $0.name == "token" }.flatMap { Token($0.value) }
      let location = "/recordings/\(token.map { "?\($0.query)" } ?? "")"
      return .respond(
        .text(308, "the recordings are at /recordings/\n", headers: [(name: "Location", value: location)]))
    case .page: return .respond(files.file("/recordings/recordings.html")?.response(to: request) ?? .notFound)
    case .operatorList, .control: return .respond(.options)
    case .list, .feed, .file, .peaks, .clip: break
    }
    if endpoint == .operators { return operated(request, path, through: endpoint, waited: waited) }
    if case .feed(let stream) = path { return .respond(feed(of: stream, request)) }
    if let name = path.recording, library.recording(name)?.note.isHidden == true {
      return operated(request, path, through: endpoint, waited: waited)
    }
    let shown = uploads?.shown(to: request) ?? .none
    if path == .list, shown == .all, uploads?.mayListen(request) == false {
      return .respond(
        library.list(of: [], for: .own, uploads: .all).response(to: request).adding(uploads?.cookie(for: request) ?? [])
      )
    }
    if gates.listeners.areSeveral { return guarded(request, path, through: endpoint, waited: waited) }
    // Every token of the listeners opens each stream, so that it opens the recordings of streams that are gone, too.
    let gate = gates.listeners.ofStation
    guard let pass = gate.pass(for: request, to: .listen(to: streams.first.name), port: gates.port) else {
      return refused(request, path, through: endpoint, waited: waited)
    }
    let caches: Audience.Caches = gate.isClosed ? .own : .all
    guard path == .list else { return reply(to: request, path, for: caches, waited: waited) }
    let cookie = gate.keeping(pass, for: request, port: gates.port)
    // Two visitors may see two lists.
    let list = library.list(for: uploads == nil ? caches : .own, uploads: shown)
    return .respond(list.response(to: request).adding(cookie + (uploads?.cookie(for: request) ?? [])))
  }

  /// Where streams have tokens of their own, nobody knows who may hear the recordings of a stream that is gone.
  private func guarded(
    _ request: Request, _ path: RecordingPath, through endpoint: Endpoint, waited: Duration
  ) -> Reply {
    let recorded = streams.now.entries.filter { $0.stream.recorder != nil }.map(\.name)
    let open = recorded.filter {
      gates.listeners.passAmongOthers(for: request, listeningTo: $0, port: gates.port) != nil
    }
    // Nobody needs a recorded stream to see uploads.
    let shown = path == .list ? uploads?.shown(to: request) ?? .none : .none
    let isWelcome =
      path.recording.map { name in open.contains { $0.text == name.stream } } ?? (!open.isEmpty || shown != .none)
    guard isWelcome else { return refused(request, path, through: endpoint, waited: waited) }
    guard path == .list else { return reply(to: request, path, for: .own, waited: waited) }
    let list = library.list(of: open.map(\.text).sorted(), for: .own, uploads: shown)
    let cookies = gates.listeners.keeping(for: request, listeningTo: recorded, port: gates.port)
    return .respond(list.response(to: request).adding(cookies + (uploads?.cookie(for: request) ?? [])))
  }

  /// A request that shows no listener's token may show an operator's.
  private func refused(
    _ request: Request, _ path: RecordingPath, through endpoint: Endpoint, waited: Duration
  ) -> Reply {
    if path.recording != nil, isOperator(request, through: endpoint) {
      return operated(request, path, through: endpoint, waited: waited)
    }
    return .respond(request.method == .options ? .options : .unauthorized(for: request))
  }

  /// A hidden recording is there for operators alone, and so is everything at the operators' port.
  private func operated(
    _ request: Request, _ path: RecordingPath, through endpoint: Endpoint, waited: Duration
  ) -> Reply {
    guard path.recording != nil, isOperator(request, through: endpoint) else { return .respond(.notFound) }
    return reply(to: request, path, for: .own, waited: waited)
  }

  private func isOperator(_ request: Request, through endpoint: Endpoint) -> Bool {
    if case .welcome = gates.operators.verdict(for: request, through: endpoint) { true } else { false }
  }

  private func reply(
    to request: Request, _ path: RecordingPath, for caches: Audience.Caches, waited: Duration
  ) -> Reply {
    guard let name = path.recording else { return .respond(.notFound) }
    // A disk that is in trouble would let the download wait.
    if let stream = StreamName(valid: name.stream), streams[stream]?.recorder?.isWell == false {
      return .respond(Self.busy)
    }
    let later: Reply = waited < Self.longestWait ? .hold : .respond(Self.busy)
    switch path {
    case .peaks: return peaks(of: name, request, for: caches, orElse: later)
    case .clip: return clip(of: name, request, for: caches, orElse: later)
    default: break
    }
    switch library.find(name, for: caches) {
    case .file(let file): return .respond(file.response(to: request))
    case .missing: return .respond(.notFound)
    case .failed: return .respond(Self.busy)
    case .later: return later
    }
  }

  // The podcast feed, the waveforms and the clips

  private func feed(of stream: StreamName, _ request: Request) -> Response {
    guard let pass = gates.listeners.pass(for: request, listeningTo: stream, port: gates.port) else {
      return request.method == .options ? .options : .unauthorized(for: request)
    }
    guard let entry = streams.now[stream] else { return .notFound }
    return feeds.response(
      to: request, for: stream, entry.stream.settings.identity, isOnly: streams.now.entries.count == 1,
      token: pass.inQuery, entry.stream.audience)
  }

  private func peaks(
    of name: RecordingName, _ request: Request, for caches: Audience.Caches, orElse later: Reply
  ) -> Reply {
    guard let recording = library.recording(name) else { return .respond(.notFound) }
    switch work.peaks.ask(name) {
    case .done(let peaks?):
      return .respond(
        Representation(
          peaks.bytes, contentType: "application/octet-stream", cacheControl: library.cacheControl(caches),
          validators: .init(lastModified: (recording.modified?.microseconds ?? 0) / 1_000_000), features: .compressed,
          headers: library.audience(caches).headers
        ).response(to: request))
    case .done(nil):
      work.peaks.forget(name)
      return .respond(.notFound)
    case .later: return later
    case .busy: return .respond(Self.busy)
    }
  }

  private func clip(
    of name: RecordingName, _ request: Request, for caches: Audience.Caches, orElse later: Reply
  ) -> Reply {
    guard let recording = library.recording(name) else { return .respond(.notFound) }
    func place(_ key: String) -> Int? {
      guard let text = request.query.first(where: { $0.name == key })?.value, text.utf8.count <= 12,
        let seconds = Double(text), seconds >= 0, seconds < 1e6
      else { return nil }
      return Int((seconds * 1000).rounded())
    }
    guard let from = place("from"), let to = place("to"), from < to, to - from <= RecordingClip.longest,
      from < recording.recording.milliseconds
    else {
      return .respond(
        .text(
          400,
          "from and to: each must be a number of seconds of the recording, and to at most \(RecordingClip.longest / 1000) behind from\n"
        ))
    }
    let wish = RecordingClip.Wish(name: name, from: from, to: min(to, recording.recording.milliseconds))
    switch work.clips.ask(wish) {
    case .done(.clip(let clip)):
      return .respond(
        content(clip, of: recording, for: caches).response(to: request, now: Clock.wall() / 1_000_000)
          .ending { _ = clip.lease })
    case .done(let failure):
      work.clips.forget(wish)
      switch failure {
      case .none: return .respond(.notFound)
      case .tooLong:
        return .respond(
          .text(
            400, "a clip has at most \(RecordingClip.mostBytes) bytes; the tag of this recording names another length\n"
          ))
      case .noMemory, .failed, .clip: return .respond(Self.busy)
      }
    case .later: return later
    case .busy: return .respond(Self.busy)
    }
  }

  private func content(
    _ clip: RecordingWork.Clip, of recording: StoredRecording, for caches: Audience.Caches
  ) -> SlicesRepresentation {
    let (start, end) = (clip.clip.start, clip.clip.end)
    let chapter = recording.recording.titled.last { $0.start <= start && start < $0.end }?.title
    let tag = ClipTag(title: recording.note.title ?? chapter ?? recording.title, stream: recording.name.stream)
    let place = "\(start / 1000)s-\(end / 1000)s"
    return SlicesRepresentation(
      [Bytes.Slice(tag.bytes), clip.bytes], contentType: "audio/mpeg", cacheControl: library.cacheControl(caches),
      entityTag: ClipName.entityTag([recording.size, start, end], tag.bytes),
      lastModified: (recording.modified?.microseconds ?? 0) / 1_000_000,
      headers: [ClipName.field("\(recording.id)-\(place)")] + library.audience(caches).headers)
  }

  // The operators

  private func operatorList(_ request: Request, through endpoint: Endpoint) -> Response {
    switch gates.operators.verdict(for: request, through: endpoint) {
    case .refused(let refusal): refusal.response(gates.spelling)
    case .welcome(let pass):
      library.operatorList(headers: gates.operators.keeping(pass, for: request)).response(to: request)
    }
  }

  /// The refusal of a request that changes something; nil for the request of an operator. A cookie of the operator that comes
  /// from a page of another origin gives no leave.
  private func refusal(ofChangeBy request: Request, through endpoint: Endpoint) -> Response? {
    if request.isOfAnotherPage { return .ofAnotherPage }
    if case .refused(let refusal) = gates.operators.verdict(for: request, through: endpoint, changes: true) {
      return refusal.response(gates.spelling)
    }
    return nil
  }

  /// An operator renames, hides, publishes or deletes a recording.
  private func change(
    _ name: RecordingName, _ request: Request, through endpoint: Endpoint, waited: Duration
  ) -> Reply {
    if let refusal = refusal(ofChangeBy: request, through: endpoint) { return .respond(refusal) }
    if library.isWritten(name) { return .respond(.text(409, "the recording is not finished\n")) }
    let isDelete = request.method == .other("DELETE")
    // A deletion that was done while the request was held has removed the recording from the list.
    guard library.recording(name) != nil || isDelete && waited > .zero else { return .respond(.notFound) }
    let action: RecordingChange.Action
    if isDelete {
      action = .delete
    } else {
      guard let content = request.content else { return .content(atMost: RecordingNote.longest) }
      do throws(RecordingNote.Change.Mistake) {
        action = .note(try RecordingNote.Change(content))
      } catch {
        return .respond(.text(400, "\(error)\n"))
      }
    }
    let change = RecordingChange(name: name, action: action)
    switch work.changes.ask(change, anew: waited == .zero) {
    case .done(.done):
      return .respond(Response(status: 204, headers: [(name: "Cache-Control", value: "no-store")]))
    case .done(.missing): return .respond(.notFound)
    case .later: return waited < Self.longestWait ? .hold : .respond(Self.busy)
    case .done(.failed), .busy: return .respond(Self.busy)
    }
  }

  /// An operator starts or stops the recording of a stream, or marks its sound.
  private func reply(
    to request: Request, for control: RecordingPath.Control, of name: StreamName, through endpoint: Endpoint
  ) -> Reply {
    if let refusal = refusal(ofChangeBy: request, through: endpoint) { return .respond(refusal) }
    guard request.method == .other("POST") else { return .respond(.methodNotAllowed(but: "POST")) }
    guard let recorder = streams[name]?.recorder else { return .respond(.text(404, "the stream is not recorded\n")) }
    switch control {
    case .start: recorder.turn(on: true)
    case .stop: recorder.turn(on: false)
    case .mark:
      guard recorder.isOn else { return .respond(.text(409, "the recording is stopped\n")) }
      guard let content = request.content else { return .content(atMost: NowPlaying.mostContent) }
      do throws(NowPlaying.Unreadable) {
        let title = content.isEmpty ? nil : try NowPlaying(content: content).title
        recorder.mark(title ?? "Mark")
      } catch {
        return .respond(.text(400, "\(error)\n"))
      }
    }
    return .respond(.json(JSON.object([("recording", .bool(recorder.isOn))]).text))
  }

  private static let busy = Response.text(
    503, "the disk of the recordings is in trouble\n", headers: [(name: "Retry-After", value: "10")])
}
