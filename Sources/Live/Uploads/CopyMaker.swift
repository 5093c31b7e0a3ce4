import Core
import Glibc
import Logging
import System
import Uploads

/// Makes the copies that play in every browser, and finds lengths and peaks: a child process `ffmpeg` does so, one upload after
/// the other (docs/decisions/storage/a-child-process-decodes-uploads.md).
final class CopyMaker: Sendable {
  /// Samples a second of the sound in which peaks are found.
  private static let peakRate = 8000
  /// The longest sound of a copy, in seconds.
  private static let longest = 24 * 3600
  /// Bytes of a second of a copy.
  private static let copyRate = 16_000
  /// The largest copy, as a multiple of its original: speech in Opus at 6 kbit/s grows that much.
  private static let largestGrowth = 24
  /// The time after which copies that failed for a passing reason are tried again.
  private static let retryInterval = Duration.seconds(600)
  private static let mostTries = 3

  private let program: String
  private let store: UploadStore
  private let log: Log
  private let worker = Worker<[UploadName]>(name: "upload-copies", inbox: [])

  /// - Returns: nil where the machine has no `ffmpeg`.
  init?(for store: UploadStore, log: Log) {
    let folders = (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin").split(separator: ":")
    let programs: [String] = folders.filter { $0.hasPrefix("/") }.map { "\($0)/ffmpeg" }
    guard let program = programs.first(where: { access($0, X_OK) == 0 }) else { return nil }
    (self.program, self.store, self.log) = (program, store, log)
  }

  func start() {
    if !LimitedChild.refusesFiles {
      log.warning("uploads: this system has no Landlock: ffmpeg could read each file that this program may read")
    }
    // The names of copies that failed for a passing reason, with the number of tries.
    worker.start(with: [UploadName: Int]()) { [weak self] late, names in
      // Without names, the wait for a post has ended without one.
      for name in names.isEmpty ? Array(late.keys) : names {
        let tries = late.removeValue(forKey: name) ?? 0
        if self?.make(name) == .passingTrouble, tries + 1 < Self.mostTries { late[name] = tries + 1 }
      }
      return late.isEmpty ? .untilPost : .untilPostOr(Self.retryInterval)
    }
  }

  func stop() { worker.stop(within: .milliseconds(500)) }

  func post(_ upload: Upload) {
    store.change(upload.name, isKept: false) { $0.copy = .waiting }
    worker.post { $0.append(upload.name) }
  }

  enum Outcome: Equatable {
    /// The copy is made, or the upload is gone.
    case done
    /// The file cannot be decoded: another try would fail in the same way.
    case undecodable
    /// The machine is in trouble, or the disk is full.
    case passingTrouble
  }

  private func make(_ name: UploadName) -> Outcome {
    guard !worker.isStopping, let upload = store[name] else { return .done }
    let most = min(upload.size * Self.largestGrowth + 65_536, Self.longest * Self.copyRate)
    let room = store.reserveCopy(atMost: most)
    let (outcome, reason) = make(upload, in: room, isCut: room < most)
    if let reason { log.warning("uploads: \(name.id): ffmpeg makes no copy (\(reason)); the original is served") }
    switch outcome {
    case .done: break
    case .undecodable: fail(name) { $0.copy = .failed }
    // The next start tries again.
    case .passingTrouble: fail(name) { $0.copy = .none }
    }
    store.post { [store] in store.giveBack(room) }
    return outcome
  }

  /// - Parameters:
  ///   - room: the most bytes of the copy.
  ///   - isCut: whether the room is smaller than that of the largest copy.
  /// - Returns: the outcome, and the reason of a failure.
  private func make(_ upload: Upload, in room: Int, isCut: Bool) -> (Outcome, String?) {
    guard room > 0 else { return (.passingTrouble, "the room for uploads is used up") }
    let name = upload.name
    store.change(name, isKept: false) { $0.copy = .making(percent: 0) }
    do throws(SystemError) {
      let (end, peaks) = try run(upload, to: "\(store.folder.path)/\(name.copy)", in: room)
      if end == .stopped {
        store.post { [store] in if store[name] == nil { store.discard(name.copy) } }
        return (.done, nil)
      }
      let size = try store.folder.size(name.copy)
      guard end == .exit(status: 0), size > 0, peaks.samples > 0 else {
        return (Self.outcome(of: end, isCut: isCut), Self.text(end))
      }
      store.post { [store] in
        store.change(name) { upload in
          upload.copy = .ready(size: size)
          upload.milliseconds = peaks.samples * 1000 / Self.peakRate
          upload.peaks = peaks.peaks
        }
      }
      return (.done, nil)
    } catch {
      return (.passingTrouble, "\(error)")
    }
  }

  /// The outcome of a child that has made no copy.
  static func outcome(of end: LimitedChild.End, isCut: Bool) -> Outcome {
    switch end {
    // child_start, and the negative codes of errors with which ffmpeg ends (AVERROR).
    case .exit(status: 126), .exit(status: 127): .passingTrouble
    case .exit(let status):
      [ENOSPC, EDQUOT, EIO, ENOMEM, EAGAIN].contains(256 - status) ? .passingTrouble : .undecodable
    case .signal(SIGXFSZ): isCut ? .passingTrouble : .undecodable
    case .signal: .undecodable
    case .tooLong, .stopped: .passingTrouble
    }
  }

  private func fail(_ name: UploadName, _ change: @escaping @Sendable (inout Upload) -> Void) {
    store.post { [store] in
      store.discard(name.copy)
      store.change(name, change)
    }
  }

  private func run(
    _ upload: Upload, to copy: String, in room: Int
  ) throws(SystemError) -> (LimitedChild.End, PeakCounter) {
    let path = "\(store.folder.path)/\(upload.original)"
    let source = try SystemError.check("open", open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), of: path)
    defer { close(source) }
    let child = try LimitedChild(
      arguments(for: upload.format), output: copy,
      limits: LimitedChild.Limits(cpu: 1800, memory: 2 << 30, file: room, wall: .seconds(3600)))
    var peaks = PeakCounter(span: Self.peakRate / 10)
    var told = 0
    let end = child.run(sending: source, isStopping: { worker.isStopping || store[upload.name] == nil }) { sent in
      let percent = min(99, sent * 100 / max(1, upload.size))
      guard percent >= told + 5 else { return }
      told = percent
      store.change(upload.name, isKept: false) { $0.copy = .making(percent: percent) }
    } onOutput: { bytes in
      peaks.add(bytes)
    }
    return (end, peaks)
  }

  /// The demuxer is named, so that the bytes are never read as a playlist, and only pipes are opened. The copy has a constant bit
  /// rate, so that a player finds each second without a table.
  private func arguments(for format: SoundFormat) -> [String] {
    [
      program, "-nostdin", "-hide_banner", "-loglevel", "quiet", "-threads", "1", "-protocol_whitelist", "pipe",
      "-f", format.demuxer, "-i", "pipe:0", "-t", "\(Self.longest)",
      "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-c:a", "libmp3lame", "-b:a",
      "128k",
      "-ar", "48000", "-ac", "2", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3", "pipe:1",
      "-t", "\(Self.longest)", "-map", "0:a:0", "-map_metadata", "-1", "-c:a", "pcm_s16le", "-ar", "\(Self.peakRate)",
      "-ac", "1", "-f", "s16le", "pipe:3",
    ]
  }

  private static func text(_ end: LimitedChild.End) -> String {
    switch end {
    case .exit(let status): "status \(status)"
    case .signal(let number): "signal \(number)"
    case .tooLong: "it takes too long"
    case .stopped: "stopped"
    }
  }
}
