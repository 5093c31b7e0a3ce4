import Core
import HTTP
import Synchronization
import System
import Uploads

/// The sounds that pages send in pieces.
extension UploadStore {
  /// A sound in pieces that nobody goes on with for this time is closed: operators see it as it is.
  static let longestPause = Duration.seconds(3600)
  /// A sound too short to have a format is dropped after this time.
  static let longestBeginning = Duration.seconds(60)
  /// The most sounds that one address has begun and not finished.
  static let mostOfAddress = 64

  /// Begins a request with pieces.
  /// - Parameters:
  ///   - offset: the number of the first byte that the request has.
  ///   - address: of the client.
  /// - Returns: the number of the request, for `append`.
  func begin(_ key: UploadKey, at offset: Int, from address: IPAddress? = nil) throws(UploadFailure) -> Int {
    let result: Result<Int, UploadFailure> = state.withLock { state in
      if let name = state.keys[key], let upload = state.uploads[name] { return .failure(.offset(upload.size)) }
      if state.partials[key] == nil {
        // A request without bytes takes no place: the first bytes make the sound.
        if let failure = beginRefusal(of: address, state) { return .failure(failure) }
        return offset == 0 ? .success(0) : .failure(.offset(0))
      }
      guard var partial = state.partials[key], partial.size == offset, !partial.isFinishing else {
        return .failure(.offset(state.partials[key]?.size ?? 0))
      }
      partial.generation += 1
      partial.touched = now()
      state.partials[key] = partial
      return .success(partial.generation)
    }
    return try result.get()
  }

  private func beginRefusal(of address: IPAddress?, _ state: borrowing State) -> UploadFailure? {
    if let failure = countRefusal(state) ?? refusal(of: 1, state) { return failure }
    guard let address else { return nil }
    let count = state.partials.values.count { $0.address == address }
    return count < Self.mostOfAddress ? nil : .tooMany
  }

  /// The page of a sound is there, and may go on later.
  func touch(_ key: UploadKey) { state.withLock { $0.partials[key]?.touched = now() } }

  /// Adds bytes to a sound in pieces. On the thread of the files.
  /// - Parameters:
  ///   - generation: the number that `begin` gave.
  ///   - address: of the client.
  func append(
    _ bytes: [UInt8], to key: UploadKey, at offset: Int, in generation: Int, from address: IPAddress? = nil
  ) throws(UploadFailure) {
    guard !bytes.isEmpty else { return }
    let limit = settings.maxSize
    let known: Result<UploadFile?, UploadFailure> = state.withLock { state in
      if state.partials[key] == nil, state.keys[key] == nil, generation == 0, offset == 0 {
        if let failure = beginRefusal(of: address, state) { return .failure(failure) }
        state.partials[key] = Partial(touched: now(), address: address)
      }
      guard let partial = state.partials[key], partial.generation == generation, partial.size == offset,
        !partial.isFinishing
      else { return .failure(.offset(state.partials[key]?.size ?? 0)) }
      guard offset + bytes.count <= limit else { return .failure(.tooLarge(limit: limit)) }
      if let failure = refusal(of: bytes.count, state) { return .failure(failure) }
      state.used += bytes.count
      return .success(partial.file)
    }
    var file = try known.get()
    do throws(SystemError) {
      if file == nil { file = try UploadFile(path: "\(folder.path)/\(key.file)") }
      try file?.write(bytes[...], at: offset)
    } catch {
      state.withLock { $0.used -= bytes.count }
      throw .disk(error)
    }
    let head: [UInt8] = state.withLock { state in
      guard var partial = state.partials.removeValue(forKey: key) else { return [] }
      partial.file = file
      partial.size += bytes.count
      partial.touched = now()
      partial.head += bytes.prefix(SoundFormat.recognisable - partial.head.count)
      state.partials[key] = partial
      return partial.head
    }
    if head.count == SoundFormat.recognisable { _ = try recognised(head, of: key) }
  }

  /// Finishes a sound in pieces. The answer is there when the key has an upload that is sent, or its partial has a failure.
  /// - Parameter isSent: whether the author sends the sound.
  func finish(_ key: UploadKey, title: UploadTitle?, isSent: Bool = true) {
    if isSent, let upload = self[key] { return post { [self] in send(upload.name, title: title) } }
    let isFirst = state.withLock { state in
      guard state.partials[key]?.isFinishing == false else { return false }
      state.partials[key]?.isFinishing = true
      state.partials[key]?.failure = nil
      return true
    }
    guard isFirst else { return }
    post { [self] in finishNow(key, title: title, isSent: isSent) }
  }

  /// The author sends a sound after the station has closed it.
  private func send(_ name: UploadName, title: UploadTitle?) {
    guard self[name]?.isSent == false else { return }
    change(name) { upload in
      upload.isSent = true
      upload.isPublished = settings.publishes
      if let title { upload.title = title.text }
    }
  }

  private func finishNow(_ key: UploadKey, title: UploadTitle?, isSent: Bool) {
    guard let partial = state.withLock({ $0.partials[key] }) else { return }
    do throws(UploadFailure) {
      guard partial.size > 0 else { throw .noFile }
      let format = try recognised(partial.head, of: nil)
      let file: UploadFile
      do throws(SystemError) {
        file = if let open = partial.file { open } else { try UploadFile(path: "\(folder.path)/\(key.file)") }
      } catch {
        throw .disk(error)
      }
      _ = try complete(file, size: partial.size, format: format, title: title, key: key, isSent: isSent)
      state.withLock { $0.partials[key] = nil }
    } catch {
      state.withLock { state in
        state.partials[key]?.isFinishing = false
        state.partials[key]?.failure = error
      }
    }
    list()
  }

  /// Drops a sound that its author has not sent. On the thread of the files.
  func drop(_ key: UploadKey) {
    if let upload = self[key], !upload.isSent { return remove(upload.name) }
    let isThere = state.withLock { state in
      guard let partial = state.partials.removeValue(forKey: key) else { return false }
      state.used -= partial.size
      return true
    }
    if isThere { discard(key.file) }
  }

  /// - Parameter key: of the sound that is dropped if the format is not one of those that may be uploaded.
  private func recognised(_ head: [UInt8], of key: UploadKey?) throws(UploadFailure) -> SoundFormat {
    if let format = SoundFormat(head), settings.formats.contains(format) { return format }
    if let key { drop(key) }
    throw .wrongType(settings.formats)
  }

  /// A page that is gone for long has left its sound: operators see everything that has come, and nobody else does.
  func finishForgotten() {
    let now = now()
    let forgotten = state.withLock { state in
      state.partials.filter { _, partial in
        let isShort = partial.size < SoundFormat.recognisable
        return !partial.isFinishing
          && now - partial.touched > (isShort ? Self.longestBeginning : Self.longestPause)
      }
    }
    for (key, partial) in forgotten {
      if partial.size > 0, SoundFormat(partial.head) != nil, partial.failure == nil {
        finish(key, title: nil, isSent: false)
      } else {
        drop(key)
      }
    }
  }
}
