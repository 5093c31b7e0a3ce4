import Core
import Glibc
import HTTP
import Logging
import Synchronization
import System
import Uploads

/// The uploads in their folder, and those that come in pieces. All work with files is done on one thread, and so are all lists.
final class UploadStore: Sendable {
  /// A sound that a page sends in pieces.
  struct Partial: Sendable {
    /// Bytes that are in the file.
    var size = 0
    var head: [UInt8] = []
    /// Counts the requests with pieces: a new one ends the one before, whose connection may be dead.
    var generation = 0
    var touched: MonotonicTime
    /// Of the client that began; nil where it is not known any more.
    var address: IPAddress?
    var isFinishing = false
    var failure: UploadFailure?
    var file: UploadFile?
  }

  struct State: Sendable {
    var uploads: [UploadName: Upload] = [:]
    var keys: [UploadKey: UploadName] = [:]
    var partials: [UploadKey: Partial] = [:]
    /// The forms that are on their way.
    var forms = 0
    /// Bytes on the disk.
    var used = 0
    /// Whether a copy has gone on since the last list.
    var hasProgress = false
    var listed: MonotonicTime?

    var count: Int { uploads.count + partials.count + forms }
  }

  private static let lookInterval = Duration.seconds(60)
  /// The shortest time between two lists of which only the progress of copies is different.
  private static let listInterval = Duration.seconds(1)

  let settings: UploadSettings
  let folder: Folder
  let log: Log
  let now: @Sendable () -> MonotonicTime
  /// Called on the thread of the files when the list has changed.
  let onChange = Mutex<@Sendable () -> Void>({})
  /// Called when there is an original without a copy.
  private let onReceived = Mutex<@Sendable (Upload) -> Void>({ _ in })
  let state = Mutex(State())
  private let worker = Worker<[@Sendable () -> Void]>(name: "uploads", inbox: [])

  /// Makes the folder, and reads what is there.
  /// - Parameter now: the clock.
  /// - Throws: where the folder cannot be made or read.
  init(
    _ settings: UploadSettings, in directory: String, log: Log, now: @escaping @Sendable () -> MonotonicTime = { .now }
  ) throws(InvalidInput) {
    (self.settings, self.log, self.now) = (settings, log, now)
    folder = Folder(directory)
    do {
      try folder.create()
      try load()
    } catch {
      throw InvalidInput(.uploads, directory, SettingText(error.reason))
    }
  }

  /// Starts the thread.
  func start(onChange: @escaping @Sendable () -> Void, onReceived: @escaping @Sendable (Upload) -> Void) {
    self.onChange.withLock { $0 = onChange }
    self.onReceived.withLock { $0 = onReceived }
    for upload in all where upload.copy == .none { onReceived(upload) }
    list()
    worker.start(with: (), first: .untilPostOr(Self.lookInterval)) { [weak self] _, jobs in
      for job in jobs { job() }
      return .untilPostOr(self?.look() ?? Self.lookInterval)
    }
  }

  /// - Returns: the longest time until the next look.
  private func look() -> Duration {
    finishForgotten()
    let wait: Duration? = state.withLock { state in
      guard state.hasProgress else { return Self.lookInterval }
      let wait = state.listed.map { $0 + Self.listInterval - now() } ?? .zero
      return wait > .zero ? wait : nil
    }
    if let wait { return wait }
    list()
    return Self.lookInterval
  }

  /// The list has changed. On the thread of the files.
  func list() {
    state.withLock { ($0.hasProgress, $0.listed) = (false, now()) }
    onChange.withLock { $0 }()
  }

  func stop() { worker.stop(within: .milliseconds(200)) }

  /// Does some work with files, on the thread of the files.
  func post(_ job: @escaping @Sendable () -> Void) { worker.post { $0.append(job) } }

  // The uploads

  var all: [Upload] { state.withLock { Array($0.uploads.values) } }

  subscript(name: UploadName) -> Upload? { state.withLock { $0.uploads[name] } }

  subscript(key: UploadKey) -> Upload? { state.withLock { state in state.keys[key].flatMap { state.uploads[$0] } } }

  func partial(_ key: UploadKey) -> Partial? { state.withLock { $0.partials[key] } }

  /// Changes an upload. On the thread of the files; a change that is not kept, on any thread.
  /// - Parameter isKept: whether the change goes to the disk. Other changes are listed with some delay.
  func change(_ name: UploadName, isKept: Bool = true, _ change: (inout Upload) -> Void) {
    let changed: Upload? = state.withLock { state in
      guard var upload = state.uploads[name] else { return nil }
      let before = upload.footprint
      change(&upload)
      state.used += upload.footprint - before
      state.uploads[name] = upload
      return upload
    }
    guard let changed else { return }
    if isKept {
      keep(changed)
      return list()
    }
    state.withLock { $0.hasProgress = true }
    post {}
  }

  /// Removes an upload and its files, on the thread of the files.
  func remove(_ name: UploadName) {
    let removed: Upload? = state.withLock { state in
      guard let upload = state.uploads.removeValue(forKey: name) else { return nil }
      if let key = upload.key { state.keys[key] = nil }
      state.used -= upload.footprint
      return upload
    }
    guard let removed else { return }
    // The original before the record: the next start gives an original without a record a new one.
    discard(name.copy)
    if discard(removed.original) { discard(name.record) }
    log.info("uploads: \(name.id) is removed")
    list()
  }

  // The limits

  /// Lets a form begin, or refuses it.
  func admitForm() throws(UploadFailure) {
    let failure: UploadFailure? = state.withLock { state in
      if let failure = countRefusal(state) ?? refusal(of: 1, state) { return failure }
      state.forms += 1
      return nil
    }
    if let failure { throw failure }
  }

  func reserve(_ bytes: Int) throws(UploadFailure) {
    let failure: UploadFailure? = state.withLock { state in
      if let failure = refusal(of: bytes, state) { return failure }
      state.used += bytes
      return nil
    }
    if let failure { throw failure }
  }

  /// A form has ended without an upload. On the thread of the files.
  /// - Parameter bytes: bytes that were reserved.
  func forget(form path: String, bytes: Int) {
    discard(String(path.dropFirst(folder.path.utf8.count + 1)))
    state.withLock { state in
      state.forms -= 1
      state.used -= bytes
    }
  }

  /// Takes room for a copy that is about to be made, at most half of what is left: uploads go on. `giveBack` ends that.
  /// - Returns: bytes; 0 where all room is used.
  func reserveCopy(atMost most: Int) -> Int {
    state.withLock { state in
      let room = max(0, min(most, (settings.quota - state.used) / 2))
      state.used += room
      return room
    }
  }

  func giveBack(_ bytes: Int) { state.withLock { $0.used -= bytes } }

  func refusal(of bytes: Int, _ state: borrowing State) -> UploadFailure? {
    if state.used + bytes > settings.quota { return .full(reason: "the room for uploads is used up") }
    return nil
  }

  func countRefusal(_ state: borrowing State) -> UploadFailure? {
    state.count >= settings.maxCount
      ? .full(reason: "there are \(settings.maxCount) uploads, and no more may come") : nil
  }

  // Whole sounds

  /// Gives a whole form its name. On the thread of the files.
  func complete(_ form: UploadForm) throws(UploadFailure) -> Upload {
    guard let file = form.file, let format = form.format else { throw .noFile }
    let upload = try complete(file, size: form.size, format: format, title: form.title, key: nil)
    state.withLock { $0.forms -= 1 }
    return upload
  }

  /// - Parameter isSent: whether the author has sent the sound.
  func complete(
    _ file: UploadFile, size: Int, format: SoundFormat, title: UploadTitle?, key: UploadKey?, isSent: Bool = true
  ) throws(UploadFailure) -> Upload {
    let now = WallTime.now
    var upload = Upload(
      name: UploadName(at: now, number: .random(in: .min ... .max)), format: format, size: size, received: now,
      key: key,
      title: title?.text ?? UploadTitle.text(recordedAt: now), isPublished: settings.publishes && isSent)
    upload.isSent = isSent
    var isMoved = false
    do throws(SystemError) {
      try file.finish(at: size)
      try write(upload)
      try folder.rename(file.path, to: upload.original)
      isMoved = true
      try folder.sync()
    } catch {
      // The original has its old name again before its record is gone.
      if !isMoved || move(upload.original, back: file.path) { discard(upload.name.record) }
      throw .disk(error)
    }
    state.withLock { state in
      state.uploads[upload.name] = upload
      if let key { state.keys[key] = upload.name }
    }
    log.info(
      "uploads: \(upload.name.id) is \(isSent ? "whole" : "closed, but not sent"): \(format.rawValue), \(size) bytes")
    onReceived.withLock { $0 }(upload)
    list()
    return upload
  }

  private func move(_ name: String, back path: String) -> Bool {
    do {
      try folder.rename("\(folder.path)/\(name)", to: String(path.dropFirst(folder.path.utf8.count + 1)))
      return true
    } catch {
      log.error("uploads: \(error)")
      return false
    }
  }

  // The folder

  private func load() throws(SystemError) {
    let found = try FoundUploads(in: folder, log: log)
    for name in found.leftOvers { discard(name) }
    state.withLock { state in
      state.uploads = found.uploads
      for upload in found.uploads.values {
        state.used += upload.footprint
        if let key = upload.key { state.keys[key] = upload.name }
      }
      for (key, partial) in found.partials {
        state.partials[key] = Partial(size: partial.size, head: partial.head, touched: now())
        state.used += partial.size
      }
    }
    for name in found.mended { if let upload = self[name] { keep(upload) } }
  }

  /// The path of a file for a new form.
  var formPath: String {
    let digits = (0..<4).map { _ in String(UInt32.random(in: .min ... .max) | 1 << 31, radix: 16) }.joined()
    return "\(folder.path)/\(digits)\(FoundUploads.formEnding)"
  }

  private func keep(_ upload: Upload) {
    do throws(SystemError) { try write(upload) } catch { log.error("uploads: \(error)") }
  }

  /// Puts a record on the medium: a power cut leaves the old one or the new one.
  private func write(_ upload: Upload) throws(SystemError) {
    try folder.prepare(upload.name.record, Array(upload.record.text.utf8), synced: true)
    try folder.commit(upload.name.record)
    try folder.sync()
  }

  /// Removes a file, on the thread of the files.
  /// - Returns: whether it is gone.
  @discardableResult
  func discard(_ name: String) -> Bool {
    do throws(SystemError) {
      try folder.remove(name)
      return true
    } catch {
      log.error("uploads: \(error)")
      return false
    }
  }
}
