/// The text of `--help`, made from the table of flags.
package enum Help {
  package static var text: String {
    var lines = [
      "usage: ringcast [options]",
      "",
      "Puts a sound source on the web: a rolling ring of MP3 segments, an HLS playlist, and a page that plays them",
      "without a gap. Long options take their value after a space or an equals sign.",
    ]
    let columns = Flag.all.map { label($0).count }.max()! + 2
    for group in Flag.Group.allCases {
      lines += ["", "\(group.rawValue):"]
      for flag in Flag.all where flag.group == group {
        let name = label(flag)
        lines.append("  " + name + String(repeating: " ", count: columns - name.count) + flag.help)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func label(_ flag: Flag) -> String {
    "--\(flag.name)" + (flag.placeholder.map { " \($0)" } ?? "")
  }
}
