import CCurl
import Core
import Glibc

/// One transfer of libcurl over http or https. It belongs to one thread, which `perform` blocks.
final class Transfer {
  /// A call of libcurl that failed.
  struct Failure: Error, Equatable, CustomStringConvertible {
    let call: String
    let code: UInt32
    /// Whether the code is a `CURLMcode`, and not a `CURLcode`.
    var isOfMulti = false

    /// Without the URL, which may be a secret.
    var description: String {
      let reason =
        isOfMulti
        ? curl_multi_strerror(CURLMcode(rawValue: Int32(bitPattern: code))) : curl_easy_strerror(CURLcode(code))
      return "\(reason.map { String(cString: $0) } ?? "an error") (\(call): \(code))"
    }

    static let timedOut = Failure(call: "curl_multi_poll", code: CURLE_OPERATION_TIMEDOUT.rawValue)
  }

  /// Takes bytes.
  /// - Returns: false to end the transfer.
  typealias Receiver = (UnsafeRawBufferPointer) -> Bool

  private final class Receivers {
    var head: Receiver = { _ in true }
    var body: Receiver = { _ in true }
  }

  /// The longest time between two calls of the closure of `perform`.
  private static let look = Duration.milliseconds(100)
  private static let connectTimeout = Duration.seconds(5)

  private let handle: UnsafeMutableRawPointer
  private let multi: UnsafeMutableRawPointer
  private let receivers = Receivers()
  private var lists: [UnsafeMutablePointer<curl_slist>?] = []

  init(_ url: String) throws(Failure) {
    try Self.check("curl_global_init", Self.initialized)
    guard let handle = curl_easy_init() else {
      throw Failure(call: "curl_easy_init", code: CURLE_OUT_OF_MEMORY.rawValue)
    }
    guard let multi = curl_multi_init() else {
      curl_easy_cleanup(handle)
      throw Failure(call: "curl_multi_init", code: CURLE_OUT_OF_MEMORY.rawValue)
    }
    (self.handle, self.multi) = (handle, multi)
    // No signal of libcurl ends the program.
    try set(CURLOPT_NOSIGNAL, 1)
    // No other protocol, and no redirect that the owner has not looked at.
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_CONNECTTIMEOUT_MS, Self.connectTimeout.milliseconds)
    // A name server that hangs holds up only a thread of libcurl, which ends by itself.
    try set(CURLOPT_QUICK_EXIT, 1)
    try set(CURLOPT_URL, url)
    try set(CURLOPT_USERAGENT, "ringcast/\(StationSettings.version)")
    for (receiver, memory, call) in [
      (CURLOPT_HEADERFUNCTION, CURLOPT_HEADERDATA, Self.takeHead),
      (CURLOPT_WRITEFUNCTION, CURLOPT_WRITEDATA, Self.takeBody),
    ] {
      try Self.check("curl_easy_setopt", ringcast_curl_set_receiver(handle, receiver, call))
      try Self.check(
        "curl_easy_setopt",
        ringcast_curl_set_pointer(handle, memory, Unmanaged.passUnretained(receivers).toOpaque()))
    }
  }

  deinit {
    curl_multi_remove_handle(multi, handle)
    curl_easy_cleanup(handle)
    curl_multi_cleanup(multi)
    for list in lists { curl_slist_free_all(list) }
  }

  func set(_ option: CURLoption, _ value: Int) throws(Failure) {
    try Self.check("curl_easy_setopt", ringcast_curl_set_number(handle, option, value))
  }

  func set(_ option: CURLoption, _ value: String) throws(Failure) {
    try Self.check("curl_easy_setopt", ringcast_curl_set_text(handle, option, value))
  }

  /// - Parameter lines: those of `CURLOPT_HTTPHEADER` or of another option with a list.
  func set(_ option: CURLoption, _ lines: [String]) throws(Failure) {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines { list = curl_slist_append(list, line) }
    lists.append(list)
    try Self.check("curl_easy_setopt", ringcast_curl_set_list(handle, option, list))
  }

  /// Called with each line of the answer's head, with its line break.
  func onHead(_ receiver: @escaping Receiver) { receivers.head = receiver }

  /// Called with the content of the answer, piece by piece.
  func onBody(_ receiver: @escaping Receiver) { receivers.body = receiver }

  /// Blocks until the answer has come, or until `rest` ends the transfer.
  /// - Parameter rest: the time that the transfer has from now on; nil or nothing ends the transfer. Called often.
  func perform(while rest: () -> Duration?) throws(Failure) {
    curl_multi_add_handle(multi, handle)
    var running: Int32 = 1
    while true {
      try Self.check("curl_multi_perform", curl_multi_perform(multi, &running))
      if running == 0 { break }
      guard let rest = rest(), rest > .zero else { throw .timedOut }
      // A poll that fails does not wait.
      try Self.check(
        "curl_multi_poll", curl_multi_poll(multi, nil, 0, Int32(min(rest, Self.look).milliseconds + 1), nil))
    }
    try Self.check("curl_multi_perform", ringcast_curl_result(multi))
  }

  /// 0 before the head of an answer has come.
  var status: Int { ringcast_curl_status(handle) }

  /// Nil without such a field.
  var retryAfter: Duration? {
    let seconds = ringcast_curl_retry_after(handle)
    return seconds > 0 ? .seconds(seconds) : nil
  }

  /// The URL to which the answer redirects, resolved against the URL of the transfer; nil where there is none.
  var redirect: String? { ringcast_curl_redirect(handle).map { String(cString: $0) } }

  private static let takeHead: curl_write_callback = { bytes, size, count, memory in
    Transfer.receive(bytes, size * count, Transfer.receivers(memory).head)
  }

  private static let takeBody: curl_write_callback = { bytes, size, count, memory in
    Transfer.receive(bytes, size * count, Transfer.receivers(memory).body)
  }

  private static func receivers(_ memory: UnsafeMutableRawPointer?) -> Receivers {
    Unmanaged<Receivers>.fromOpaque(memory!).takeUnretainedValue()
  }

  /// A count that differs from the size is an error, which ends the transfer.
  private static func receive(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ receiver: Receiver) -> Int {
    receiver(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : count + 1
  }

  /// Once in the program (curl_global_init(3)).
  private static let initialized = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  private static func check(_ call: String, _ code: CURLcode) throws(Failure) {
    if code != CURLE_OK { throw Failure(call: call, code: code.rawValue) }
  }

  private static func check(_ call: String, _ code: CURLMcode) throws(Failure) {
    if code != CURLM_OK { throw Failure(call: call, code: UInt32(bitPattern: code.rawValue), isOfMulti: true) }
  }
}

extension Transfer {
  /// - Parameters:
  ///   - reference: a URL, perhaps a relative one (RFC 3986 §4.1).
  ///   - base: an absolute URL.
  /// - Returns: nil for a text that is no URL.
  static func resolved(_ reference: String, against base: String) -> String? {
    guard let url = curl_url() else { return nil }
    defer { curl_url_cleanup(url) }
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK,
      curl_url_set(url, CURLUPART_URL, reference, 0) == CURLUE_OK,
      curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK, let text
    else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
