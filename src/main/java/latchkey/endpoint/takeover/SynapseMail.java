package latchkey.endpoint.takeover;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import latchkey.base.config.Section;
import latchkey.base.mail.Mailbox;

/// How Synapse sends mail.
///
/// @param settings the same as our section `email`
public record SynapseMail(Map<String, Object> settings) {
  /// Empty if Synapse sends no mail.
  static Optional<SynapseMail> read(Section root) {
    var mail = root.section("email");
    if (!mail.has("smtp_host")) {
      return Optional.empty();
    }
    var ours = new LinkedHashMap<String, Object>();
    ours.put("transport", "smtp");
    var mode = mode(mail);
    ours.put("mode", mode);
    ours.put("hostname", mail.string("smtp_host", ""));
    ours.put("port", mail.integer("smtp_port", 1, 65535).orElse(mode.equals("tls") ? 465L : 25L));
    var user = mail.string("smtp_user");
    var password = mail.string("smtp_pass");
    if (user.isPresent() && password.isPresent()) {
      ours.put("username", user.get());
      ours.put("password", password.get());
    } else if (user.isPresent() || password.isPresent()) {
      mail.warn(
          user.isPresent() ? "smtp_user" : "smtp_pass",
          "is ignored: a login has a name and a password");
    }
    sender(mail).ifPresent(from -> ours.put("from", from));
    return Optional.of(new SynapseMail(ours));
  }

  private static String mode(Section mail) {
    if (mail.value("force_tls", SynapseFiles.YES_OR_NO, false)) {
      return "tls";
    } else if (mail.value("require_transport_security", SynapseFiles.YES_OR_NO, false)) {
      return "starttls";
    } else if (!mail.value("enable_tls", SynapseFiles.YES_OR_NO, true)) {
      return "plain";
    }
    mail.warn(
        "smtp_host",
        "Synapse speaks TLS to it if it can; here email.mode says starttls: make it plain if the"
            + " server has no TLS");
    return "starttls";
  }

  private static Optional<String> sender(Section mail) {
    var from =
        mail.string("notif_from")
            .map(text -> text.replace("%(app)s", mail.string("app_name", "Matrix")));
    if (from.isPresent() && from.flatMap(Mailbox::parse).isEmpty()) {
      mail.warn("notif_from", "is ignored: it is no mailbox");
    }
    return from.filter(text -> Mailbox.parse(text).isPresent());
  }

  /// Its settings hold a password.
  @Override
  public String toString() {
    return "SynapseMail";
  }
}
