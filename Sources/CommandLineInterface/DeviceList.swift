import Audio

/// The text of `--list-devices`.
package enum DeviceList {
  package static var text: String {
    let devices = CaptureDevice.all()
    guard !devices.isEmpty else { return "there are no capture devices; --source tone needs none\n" }
    return devices.map { "alsa:\($0.name)\n    \($0.details)\n" }.joined()
  }
}
