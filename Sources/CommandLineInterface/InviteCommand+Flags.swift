import Live

extension InviteCommand {
  /// The invite that the flags ask for; nil where no flag asks for an invite.
  init?(_ given: [Setting]) throws(InvalidInput) {
    func value(_ name: String) -> String? { given.last { $0.flag.name == name }?.value }
    guard let room = value("invite") else {
      for name in ["role", "expires"] {
        if let value = value(name) { throw InvalidInput("--\(name)", value, "it needs --invite ROOM") }
      }
      return nil
    }
    try self.init(room: room, role: value("role"), expires: value("expires"))
  }
}
