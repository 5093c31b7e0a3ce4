import CALSA

/// A device that `alsa:NAME` can capture from.
package struct CaptureDevice: Equatable, Sendable {
  package let name: String
  /// One line, as the driver describes it.
  package let details: String

  /// ALSA's plugins that only convert between other devices, but are listed as devices.
  private static let converters: Set = ["null", "lavrate", "samplerate", "speexrate", "speex", "upmix", "vdownmix"]

  /// All devices that ALSA's configuration offers for capture (snd_device_name_hint).
  package static func all() -> [CaptureDevice] {
    alsa_silence()
    var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    guard snd_device_name_hint(-1, "pcm", &hints) == 0, let first = hints else { return [] }
    defer { snd_device_name_free_hint(first) }
    var devices: [CaptureDevice] = []
    var hint = first
    while let entry = hint.pointee {
      // IOID is missing where a device both plays and captures.
      if let name = text(entry, "NAME"), text(entry, "IOID") ?? "Input" == "Input", !converters.contains(name) {
        let details = (text(entry, "DESC") ?? "").split(separator: "\n").joined(separator: ", ")
        devices.append(CaptureDevice(name: name, details: details))
      }
      hint += 1
    }
    return devices
  }

  private static func text(_ hint: UnsafeMutableRawPointer, _ key: String) -> String? {
    guard let value = snd_device_name_get_hint(hint, key) else { return nil }
    defer { free(value) }
    return String(cString: value)
  }
}
