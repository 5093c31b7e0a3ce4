import CALSA
import Core

/// An open capture device of ALSA, with the format that ALSA granted.
///
/// Unchecked: the device belongs to one thread at a time: first to the thread that opened it, then to its reader's thread,
/// which starts later.
final class ALSADevice: CaptureDeviceHandle, @unchecked Sendable {
  /// The parameters that ALSA granted.
  private struct Hardware {
    let format: PCMFormat
    let sampleFormat: SampleFormat
    /// Frames.
    let period: Int
    let bufferSize: Int

    /// Bytes of a frame.
    var frameLength: Int { format.channels * sampleFormat.bytes }
  }

  let name: String
  private let hardware: Hardware
  private let pcm: OpaquePointer
  private var raw: [UInt8]
  private var isOpen = false

  /// Opens `name` and asks for its native format and rate; where a plain hardware device offers nothing that can be
  /// encoded, ALSA's plug layer in front of it converts.
  /// - Parameters:
  ///   - rates: sample rates to try, the best first.
  ///   - channels: channel counts to try, the best first.
  ///   - period: frames that come in at a time.
  static func open(_ name: String, rates: [Int], channels: [Int], period: Int) throws(SourceError) -> ALSADevice {
    alsa_silence()
    do {
      return try ALSADevice(name, rates: rates, channels: channels, period: period)
    } catch {
      // The device's own error says more than the error of the plug layer in front of it.
      guard name.hasPrefix("hw:"),
        let plug = try? ALSADevice("plug" + name, rates: rates, channels: channels, period: period)
      else { throw error }
      return plug
    }
  }

  private init(_ name: String, rates: [Int], channels: [Int], period: Int) throws(SourceError) {
    var handle: OpaquePointer?
    // Not blocking, so that a device in use is an error and not a wait, and every later wait has a bound.
    try Self.check("snd_pcm_open", name, snd_pcm_open(&handle, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK))
    let pcm = handle!
    do {
      hardware = try Self.negotiate(pcm, name, rates: rates, channels: channels, period: period)
    } catch {
      snd_pcm_close(pcm)
      throw error
    }
    self.name = name
    self.pcm = pcm
    raw = [UInt8](repeating: 0, count: hardware.bufferSize * hardware.frameLength)
    isOpen = true
  }

  deinit {
    precondition(!isOpen, "an ALSA device is closed by its owner")
  }

  var format: PCMFormat { hardware.format }

  var summary: String {
    "alsa:\(name), \(hardware.sampleFormat), \(format.sampleRate) Hz, \(format.channels) channels, "
      + "period \(hardware.period), buffer \(hardware.bufferSize) frames"
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    snd_pcm_close(pcm)
  }

  /// Makes the device ready and sets it going, from rest as well as after an overrun (snd_pcm_prepare, snd_pcm_start).
  func start() throws(SourceError) {
    try Self.check("snd_pcm_prepare", name, snd_pcm_prepare(pcm))
    // A capture never starts by itself when it is polled before it is read.
    try Self.check("snd_pcm_start", name, snd_pcm_start(pcm))
  }

  /// Waits for a period to come in, at most for `timeout`.
  func await(atMost timeout: Duration) throws(SourceError) -> DeviceArrival {
    let ready = snd_pcm_wait(pcm, Int32(timeout.milliseconds))
    if ready == -EPIPE { return .overrun }
    try Self.check("snd_pcm_wait", name, ready)
    if ready == 0 { return .timeout }
    let available = snd_pcm_avail(pcm)
    if available == -EPIPE { return .overrun }
    try Self.check("snd_pcm_avail", name, Int32(clamping: available))
    return available > 0 ? .frames(available) : .nothing
  }

  /// Appends what has come in, at most the whole buffer, to `block` (snd_pcm_readi).
  func read(into block: inout [Int32]) throws(SourceError) -> DeviceArrival {
    let count = raw.withUnsafeMutableBytes { snd_pcm_readi(pcm, $0.baseAddress, UInt(hardware.bufferSize)) }
    if count == -EPIPE { return .overrun }
    if count == -EAGAIN { return .nothing }
    try Self.check("snd_pcm_readi", name, Int32(clamping: count))
    let length = count * hardware.frameLength
    raw.withUnsafeBytes { hardware.sampleFormat.decode(UnsafeRawBufferPointer(rebasing: $0[..<length]), into: &block) }
    return count > 0 ? .frames(count) : .nothing
  }

  private static func negotiate(
    _ pcm: OpaquePointer, _ name: String, rates: [Int], channels: [Int], period: Int
  ) throws(SourceError) -> Hardware {
    // snd_pcm_hw_params_alloca is a macro that Swift can't import.
    var parameters: OpaquePointer?
    try check("snd_pcm_hw_params_malloc", name, snd_pcm_hw_params_malloc(&parameters))
    defer { snd_pcm_hw_params_free(parameters) }
    func set(_ call: String, _ code: Int32) throws(SourceError) { try check(call, name, code) }

    try set("snd_pcm_hw_params_any", snd_pcm_hw_params_any(pcm, parameters))
    try set(
      "snd_pcm_hw_params_set_access",
      snd_pcm_hw_params_set_access(pcm, parameters, SND_PCM_ACCESS_RW_INTERLEAVED))
    let formats: [(snd_pcm_format_t, SampleFormat)] = [
      (SND_PCM_FORMAT_S32_LE, .int32), (SND_PCM_FORMAT_S24_3LE, .int24), (SND_PCM_FORMAT_S16_LE, .int16),
      // JACK has no other one.
      (SND_PCM_FORMAT_FLOAT_LE, .float32),
    ]
    guard
      let (format, sampleFormat) = formats.first(where: { snd_pcm_hw_params_test_format(pcm, parameters, $0.0) == 0 })
    else { throw SourceError("alsa:\(name): it offers none of the formats S32_LE, S24_3LE, S16_LE and FLOAT_LE") }
    try set("snd_pcm_hw_params_set_format", snd_pcm_hw_params_set_format(pcm, parameters, format))

    guard let count = channels.first(where: { snd_pcm_hw_params_test_channels(pcm, parameters, UInt32($0)) == 0 })
    else {
      throw SourceError("alsa:\(name): it offers none of the channel counts \(channels)")
    }
    try set("snd_pcm_hw_params_set_channels", snd_pcm_hw_params_set_channels(pcm, parameters, UInt32(count)))

    // First without the plug layer's resampler, to get what the card has; then with it.
    func firstRate() -> Int? { rates.first { snd_pcm_hw_params_test_rate(pcm, parameters, UInt32($0), 0) == 0 } }
    try set("snd_pcm_hw_params_set_rate_resample", snd_pcm_hw_params_set_rate_resample(pcm, parameters, 0))
    var native = firstRate()
    if native == nil {
      try set("snd_pcm_hw_params_set_rate_resample", snd_pcm_hw_params_set_rate_resample(pcm, parameters, 1))
      native = firstRate()
    }
    guard let rate = native else { throw SourceError("alsa:\(name): it offers none of the sample rates \(rates) Hz") }
    try set("snd_pcm_hw_params_set_rate", snd_pcm_hw_params_set_rate(pcm, parameters, UInt32(rate), 0))

    // A deep buffer costs no latency and forgives a long wait: half a second, eight periods at least.
    var (periodSize, bufferSize) = (snd_pcm_uframes_t(period), snd_pcm_uframes_t(max(8 * period, rate / 2)))
    try set(
      "snd_pcm_hw_params_set_period_size_near",
      snd_pcm_hw_params_set_period_size_near(pcm, parameters, &periodSize, nil))
    try set(
      "snd_pcm_hw_params_set_buffer_size_near",
      snd_pcm_hw_params_set_buffer_size_near(pcm, parameters, &bufferSize))
    try set("snd_pcm_hw_params", snd_pcm_hw_params(pcm, parameters))
    return Hardware(
      format: PCMFormat(sampleRate: rate, channels: count), sampleFormat: sampleFormat, period: Int(periodSize),
      bufferSize: Int(bufferSize))
  }

  private static func check(_ call: String, _ device: String, _ code: Int32) throws(SourceError) {
    guard code < 0 else { return }
    throw SourceError("alsa:\(device): \(String(cString: snd_strerror(code))) (\(call), code \(code))")
  }
}
